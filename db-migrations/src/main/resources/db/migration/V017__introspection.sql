-- Issuers that are asked about their tokens (RFC 7662): the secret that nodes ask with, sealed like the other one of its row.
alter table token_issuer
    drop constraint token_issuer_check,
    add column client_secret            bytea check (octet_length(client_secret) > 28),
    add column client_secret_changed_at timestamptz,
    add constraint token_issuer_envelope_key
        check ((num_nonnulls(hmac_secret, client_secret) = 0) = (envelope_key_id is null)),
    add constraint token_issuer_client_secret_time
        check ((client_secret is null) = (client_secret_changed_at is null));

drop trigger token_issuer_sealed on token_issuer;
create trigger token_issuer_sealed before insert or update of hmac_secret, client_secret, envelope_key_id on token_issuer
    for each row execute function sealed_with_the_key_of_the_database();
