-- What listeners and nodes prove themselves with. Private keys are sealed: AES-256-GCM under the envelope key, which is not in the database.
create table certificate (
    id                uuid primary key,
    name              text not null unique,
    certificate_chain text not null,
    -- Nonce (12 bytes), ciphertext, tag (16 bytes); the row's id is authenticated with it.
    private_key       bytea not null check (octet_length(private_key) > 28),
    -- Which envelope key sealed it.
    envelope_key_id   text not null,
    ocsp_response     bytea,
    ocsp_next_update  timestamptz,
    not_after         timestamptz not null,
    tags              text[] not null default '{}',
    version           bigint not null,
    created_at        timestamptz not null,
    updated_at        timestamptz not null
);
create index certificate_not_after on certificate (not_after);

-- Whose signatures are believed.
create table trust_root (
    id           uuid primary key,
    name         text not null unique,
    certificates text not null,
    tags         text[] not null default '{}',
    version      bigint not null,
    created_at   timestamptz not null,
    updated_at   timestamptz not null
);

-- The envelope key that all control planes of this database hold; set by the first that starts.
alter table revision_counter add column envelope_key_id text;

-- Every certificate and trust root that a listener names.
create table listener_uses_certificate (
    listener_id    uuid not null references listener on delete cascade,
    certificate_id uuid not null references certificate,
    primary key (listener_id, certificate_id)
);
create index listener_uses_certificate_certificate on listener_uses_certificate (certificate_id);

create table listener_uses_trust_root (
    listener_id   uuid not null references listener on delete cascade,
    trust_root_id uuid not null references trust_root,
    primary key (listener_id, trust_root_id)
);
create index listener_uses_trust_root_trust_root on listener_uses_trust_root (trust_root_id);
