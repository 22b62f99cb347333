-- Tokens that the own issuer has signed, by the id that each carries (its jti); the tokens themselves are nowhere.
create table admin_token (
    id           uuid        primary key,
    name         text        not null,
    subject      text        not null,
    roles        text[]      not null,
    -- Ids of the teams that the token is limited to; empty: it is not limited.
    teams        uuid[]      not null default '{}',
    created_by   text        not null,
    created_at   timestamptz not null,
    expires_at   timestamptz not null,
    -- Coarse: moved at most once in five minutes.
    last_used_at timestamptz,
    revoked_at   timestamptz,
    revoked_by   text,
    check ((revoked_at is null) = (revoked_by is null))
);
create index admin_token_listing on admin_token (created_at desc, id desc);
create index admin_token_expiry on admin_token (expires_at);

-- How an act was proved, where it came from, and how it ended.
alter table audit
    add column issuer         text,
    add column token_id       text,
    add column client_address text,
    add column user_agent     text,
    add column request_id     uuid,
    add column outcome        text    not null default 'done' check (outcome in ('done', 'refused')),
    -- Of the answer to a refused attempt.
    add column status         integer,
    -- Refused attempts of one source that came too fast for rows of their own are one row: so many, the last of them then.
    add column attempts       bigint  not null default 1 check (attempts > 0),
    add column last_at        timestamptz;

-- Once, so that attempts from before are found by their outcome: the trigger refuses every change, this one too.
alter table audit disable trigger audit_append_only;
update audit set outcome = 'refused', status = substring(action from 9)::integer where action ~ '^refused [0-9]{3}$';
alter table audit enable trigger audit_append_only;

create index audit_time on audit (happened_at, id);
create index audit_actor on audit (actor, id);
create index audit_name on audit (object_name, id);
