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
