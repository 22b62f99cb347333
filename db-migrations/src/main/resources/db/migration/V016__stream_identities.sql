-- Who may speak on the streams between the planes: an authority of the database's own, what nodes join with, what they were given.

-- One row, made at the first start. The private key is sealed like those of certificates.
create table stream_authority (
    one             boolean     primary key default true check (one),
    id              uuid        not null,
    -- DER.
    certificate     bytea       not null,
    -- Nonce (12 bytes), ciphertext, tag (16 bytes) of a PKCS#8; the row's id is authenticated with it.
    private_key     bytea       not null check (octet_length(private_key) > 28),
    envelope_key_id text        not null,
    created_at      timestamptz not null
);

-- One-time tokens; the secret itself is nowhere.
create table join_token (
    id            uuid        primary key,
    secret_digest bytea       not null check (octet_length(secret_digest) = 32),
    -- The only node that may join with it; absent: any.
    node_id       text,
    created_by    text        not null,
    created_at    timestamptz not null,
    expires_at    timestamptz not null,
    used_at       timestamptz,
    used_by       text,
    -- SHA-256 of the public key that it was spent for.
    used_key      bytea,
    check (num_nonnulls(used_at, used_by, used_key) in (0, 3))
);
create index join_token_listing on join_token (created_at desc, id desc);
create index join_token_expiry on join_token (expires_at);

-- What nodes show; the certificates themselves are not kept.
create table node_certificate (
    -- Hexadecimal, as tools print it.
    serial     text        primary key,
    node_id    text        not null,
    issued_at  timestamptz not null,
    not_after  timestamptz not null,
    revoked_at timestamptz,
    revoked_by text,
    check ((revoked_at is null) = (revoked_by is null))
);
create index node_certificate_node on node_certificate (node_id, issued_at desc);
create index node_certificate_expiry on node_certificate (not_after);

-- Which envelope key sealed it, as everywhere.
alter table acme_order add column envelope_key_id text;
update acme_order set envelope_key_id = (select envelope_key_id from revision_counter) where private_key is not null;
alter table acme_order add check (private_key is null or envelope_key_id is not null);

-- A control plane that missed the rotation of the envelope key can write nothing that its peers could not open.
create function sealed_with_the_key_of_the_database() returns trigger language plpgsql as $$
begin
    if new.envelope_key_id is distinct from (select envelope_key_id from revision_counter)
        and new.envelope_key_id is not null then
        raise exception 'sealed with envelope key %, which is not the one of this database', new.envelope_key_id;
    end if;
    return new;
end $$;
create trigger certificate_sealed before insert or update of private_key, envelope_key_id on certificate
    for each row execute function sealed_with_the_key_of_the_database();
create trigger stream_authority_sealed before insert or update of private_key, envelope_key_id on stream_authority
    for each row execute function sealed_with_the_key_of_the_database();
create trigger acme_issuer_sealed before insert or update of account_key, external_hmac_key, envelope_key_id on acme_issuer
    for each row execute function sealed_with_the_key_of_the_database();
create trigger acme_challenge_sealed before insert or update of private_key, envelope_key_id on acme_challenge
    for each row execute function sealed_with_the_key_of_the_database();
create trigger token_issuer_sealed before insert or update of hmac_secret, envelope_key_id on token_issuer
    for each row execute function sealed_with_the_key_of_the_database();
create trigger acme_order_sealed before insert or update of private_key, envelope_key_id on acme_order
    for each row execute function sealed_with_the_key_of_the_database();
