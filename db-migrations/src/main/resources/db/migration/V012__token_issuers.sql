-- Whose tokens (JWT) are believed. The secret of the HS algorithms is sealed as private keys of certificates are.
create table token_issuer (
    id                     uuid primary key,
    name                   text not null unique,
    enabled                boolean not null,
    issuer                 text not null,
    settings               jsonb not null,
    -- Nonce (12 bytes), ciphertext, tag (16 bytes); the row's id is authenticated with it.
    hmac_secret            bytea check (octet_length(hmac_secret) > 28),
    -- Which envelope key sealed it.
    envelope_key_id        text,
    hmac_secret_changed_at timestamptz,
    -- The reference of the settings once more, so that what it refers to cannot go.
    trust_root_id          uuid references trust_root,
    tags                   text[] not null default '{}',
    version                bigint not null,
    created_at             timestamptz not null,
    updated_at             timestamptz not null,
    check ((hmac_secret is null) = (envelope_key_id is null)),
    check ((hmac_secret is null) = (hmac_secret_changed_at is null))
);
create index token_issuer_trust_root on token_issuer (trust_root_id);

-- Every issuer that a policy names.
create table policy_uses_token_issuer (
    policy_id       uuid not null references policy on delete cascade,
    token_issuer_id uuid not null references token_issuer,
    primary key (policy_id, token_issuer_id)
);
create index policy_uses_token_issuer_token_issuer on policy_uses_token_issuer (token_issuer_id);

-- Credentials that are no API keys: what they are bound to is in the document, under the name of the type.
alter table credential
    add column type text not null default 'key',
    add column config jsonb not null default '{}',
    add column token_issuer_id uuid references token_issuer,
    alter column digest drop not null;
alter table credential
    add constraint credential_type check (type in ('key', 'jwt')),
    add constraint credential_digest check ((type = 'key') = (digest is not null)),
    add constraint credential_issuer check ((type = 'jwt') = (token_issuer_id is not null));
create index credential_token_issuer on credential (token_issuer_id) where token_issuer_id is not null;
