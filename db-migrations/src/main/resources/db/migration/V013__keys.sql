-- On what terms an API key holds, and which one takes its place.
alter table credential
    add column scopes text[] not null default '{}',
    -- CIDR notation; none: from anywhere.
    add column networks text[] not null default '{}',
    -- Keys of one name are generations of one key: a rotated key keeps its name, its successor has the next number.
    add column generation integer not null default 1 check (generation > 0),
    add column replaces uuid,
    add column replaced_by uuid,
    add column deprecated_at timestamptz,
    -- Whether its secret was made elsewhere: such a key has no checksum.
    add column imported boolean not null default false;
alter table credential drop constraint credential_consumer_id_name_key;
alter table credential add constraint credential_generation unique (consumer_id, name, generation);

-- When a credential was used last, to the minute; written with the usage that nodes report. Not part of the catalog: it moves
-- without a revision.
create table credential_use (
    credential_id uuid primary key,
    last_used_at  timestamptz not null
);
