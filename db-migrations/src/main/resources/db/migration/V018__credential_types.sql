-- Further credentials that are no API keys. What is secret of one (the digest of a password, a shared secret) is sealed as private keys of
-- certificates are.
alter table credential
    -- Nonce (12 bytes), ciphertext, tag (16 bytes); the row's id is authenticated with it.
    add column secret bytea check (octet_length(secret) > 28),
    -- Which envelope key sealed it.
    add column envelope_key_id text,
    add column secret_changed_at timestamptz,
    add constraint credential_secret check (num_nonnulls(secret, envelope_key_id, secret_changed_at) in (0, 3)),
    drop constraint credential_type,
    add constraint credential_type check (type in ('key', 'jwt', 'basic', 'http-signature', 'client-certificate'));

-- Keys, of which there may be a million, have none, and cost nothing here.
create trigger credential_sealed before insert or update of secret, envelope_key_id on credential
    for each row when (new.envelope_key_id is not null) execute function sealed_with_the_key_of_the_database();
