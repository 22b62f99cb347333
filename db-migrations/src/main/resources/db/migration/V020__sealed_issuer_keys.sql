-- Whoever reads the database could sign tokens of the admin API: their keys are sealed as all others are. Keys of before have no envelope
-- key's name; the first control plane that starts seals them.
alter table issuer_key
    alter column id type uuid using id::uuid,
    add column envelope_key_id text;
create trigger issuer_key_sealed before insert or update of private_key, envelope_key_id on issuer_key
    for each row execute function sealed_with_the_key_of_the_database();
