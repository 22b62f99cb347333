-- Issuers whose tokens nodes issue themselves: their key pairs, sealed like the other secrets of their row.
alter table token_issuer
    drop constraint token_issuer_envelope_key,
    -- JSON: every pair with its secret half.
    add column signing_keys      bytea check (octet_length(signing_keys) > 28),
    -- The same without any half, for people and for whoever looks which are due.
    add column signing_key_list  jsonb not null default '[]',
    add constraint token_issuer_envelope_key
        check ((num_nonnulls(hmac_secret, client_secret, signing_keys) = 0) = (envelope_key_id is null));

drop trigger token_issuer_sealed on token_issuer;
create trigger token_issuer_sealed before insert or update of hmac_secret, client_secret, signing_keys, envelope_key_id
    on token_issuer for each row execute function sealed_with_the_key_of_the_database();
