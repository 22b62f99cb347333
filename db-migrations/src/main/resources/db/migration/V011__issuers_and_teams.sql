-- Issuers beside the own one whose tokens the admin API believes; the rules say for whom they are and what their claims mean here.
create table admin_issuer (
    id         uuid        primary key,
    name       text        not null unique,
    enabled    boolean     not null,
    -- The iss of its tokens, exactly.
    issuer     text        not null unique,
    rules      jsonb       not null,
    tags       text[]      not null default '{}',
    version    bigint      not null,
    created_at timestamptz not null,
    updated_at timestamptz not null
);

-- Whose objects somebody may deal with who may not deal with all: those that it names, and those with one of its tags.
create table team (
    id          uuid        primary key,
    name        text        not null unique,
    description text        not null default '',
    member_tags text[]      not null default '{}',
    tags        text[]      not null default '{}',
    version     bigint      not null,
    created_at  timestamptz not null,
    updated_at  timestamptz not null
);

-- Members that a team names.
create table team_member (
    team_id     uuid not null references team on delete cascade,
    object_kind text not null check (object_kind in ('consumer', 'service', 'route')),
    object_id   uuid not null,
    primary key (team_id, object_kind, object_id)
);
create index team_member_object on team_member (object_kind, object_id);

-- Whether one of these teams (ids, separated by commas) has the object. The one place that decides it, for single objects and for lists.
create function in_teams(teams text, kind text, object uuid) returns boolean language sql stable as $$
    select exists (
            select 1 from team_member m
            where m.team_id = any (string_to_array(teams, ',')::uuid[]) and m.object_kind = kind and m.object_id = object)
        or exists (
            select 1 from team t
            where t.id = any (string_to_array(teams, ',')::uuid[])
            and t.member_tags && case kind
                when 'consumer' then (select o.tags from consumer o where o.id = object)
                when 'service' then (select o.tags from service o where o.id = object)
                when 'route' then (select o.tags from route o where o.id = object)
            end)
$$;
