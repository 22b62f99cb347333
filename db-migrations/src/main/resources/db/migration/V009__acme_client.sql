-- ACME servers that certificates are got from. Secrets are sealed as those of certificates are, each with the row's id.
create table acme_issuer (
    id                      uuid primary key,
    name                    text not null unique,
    directory_url           text not null,
    contacts                text[] not null default '{}',
    terms_of_service_agreed boolean not null,
    -- External account binding (RFC 8555, 7.3.4).
    external_key_id         text,
    external_hmac_key       bytea,
    account_key             bytea not null check (octet_length(account_key) > 28),
    envelope_key_id         text not null,
    tags                    text[] not null default '{}',
    version                 bigint not null,
    created_at              timestamptz not null,
    updated_at              timestamptz not null,
    check ((external_key_id is null) = (external_hmac_key is null))
);

create table acme_issuer_uses_trust_root (
    acme_issuer_id uuid not null references acme_issuer on delete cascade,
    trust_root_id  uuid not null references trust_root,
    primary key (acme_issuer_id, trust_root_id)
);
create index acme_issuer_uses_trust_root_trust_root on acme_issuer_uses_trust_root (trust_root_id);

-- What ACME servers said of the accounts: no configuration, so no revision.
create table acme_account (
    acme_issuer_id uuid primary key references acme_issuer on delete cascade,
    -- The server that it is an account of.
    directory_url  text not null,
    account_url    text,
    error          text
);

-- A certificate that is got from an ACME server has no chain and no key before the first order is done.
alter table certificate
    alter column private_key drop not null,
    alter column envelope_key_id drop not null,
    alter column not_after drop not null,
    add column acme_issuer_id uuid references acme_issuer,
    add column acme_domains text[],
    add column acme_key_type text,
    add column acme_challenge text,
    add check ((private_key is null) = (envelope_key_id is null)),
    add check ((private_key is null) = (not_after is null)),
    add check ((private_key is null) = (certificate_chain = '')),
    add check (private_key is not null or acme_issuer_id is not null),
    add check ((acme_issuer_id is null) = (acme_domains is null)),
    add check ((acme_issuer_id is null) = (acme_key_type is null)),
    add check ((acme_issuer_id is null) = (acme_challenge is null));
create index certificate_acme_issuer on certificate (acme_issuer_id) where acme_issuer_id is not null;

-- How far the order of each such certificate is. One control plane at a time works on it: whoever holds the lease.
create table acme_order (
    certificate_id  uuid primary key references certificate on delete cascade,
    -- What is ordered: issuer, domains, kind of key, kind of challenge.
    wanted          text not null,
    -- At the ACME server; absent: none is open.
    order_url       text,
    -- Of the certificate that is ordered; sealed with the certificate's id.
    private_key     bytea,
    -- Failed ones since the last that succeeded.
    attempts        integer not null default 0,
    error           text,
    next_attempt_at timestamptz not null,
    lease_owner     uuid,
    lease_until     timestamptz
);
create index acme_order_next_attempt on acme_order (next_attempt_at);

-- Beside HTTP-01 there is TLS-ALPN-01 (RFC 8737): a certificate instead of a token.
alter table acme_challenge
    alter column token drop not null,
    add column type text not null default 'http-01',
    add column domain text,
    add column validation_certificate bytea,
    add column private_key bytea,
    add column envelope_key_id text,
    -- Whose order it is for; it goes with the order, and outlives the certificate until the order's keeper deletes it.
    add column certificate_id uuid,
    add check ((type = 'http-01') = (token is not null)),
    add check ((type = 'tls-alpn-01') = (domain is not null)),
    add check ((domain is null) = (validation_certificate is null)),
    add check ((domain is null) = (private_key is null)),
    add check ((domain is null) = (envelope_key_id is null));
create index acme_challenge_certificate on acme_challenge (certificate_id) where certificate_id is not null;
