-- Where nodes take calls, beside the address that each has from its environment.
create table listener (
    id         uuid primary key,
    name       text not null unique,
    enabled    boolean not null,
    address    text not null,
    port       integer not null,
    settings   jsonb not null default '{}',
    tags       text[] not null default '{}',
    version    bigint not null,
    created_at timestamptz not null,
    updated_at timestamptz not null
);

-- How the node fares with the listeners, as it said last.
alter table node add column listener_states jsonb;
