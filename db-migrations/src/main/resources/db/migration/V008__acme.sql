-- What ACME servers are answered that ask nodes for a token (RFC 8555, 8.3).
create table acme_challenge (
    id                uuid primary key,
    name              text not null unique,
    token             text not null,
    key_authorization text not null,
    tags              text[] not null default '{}',
    version           bigint not null,
    created_at        timestamptz not null,
    updated_at        timestamptz not null
);
