-- The house: what operators want (catalog), how it changed (revision, change log, audit), who enforces it (nodes),
-- and what was counted (usage). Times are timestamptz; ids are UUIDs made by the control plane; names are unique per noun.

-- One row. The line of revisions: locked by every write, so that revision order is commit order.
create table revision_counter (
    one              boolean     primary key default true check (one),
    revision         bigint      not null check (revision >= 0),
    -- Identity of this line of revisions; an operator renews it after restoring a backup by file copy.
    control_epoch    uuid        not null default gen_random_uuid(),
    -- Secret of the HMAC-SHA-256 over API keys; 32 random bytes made at the first start.
    key_digest_secret bytea      not null check (octet_length(key_digest_secret) = 32)
);

create table revision (
    revision     bigint      primary key,
    committed_at timestamptz not null,
    actor        text        not null,
    summary      text        not null
);

-- What each revision changed; deltas for the nodes are read from here.
create table change_log (
    revision    bigint not null references revision,
    object_kind text   not null,
    object_id   uuid   not null,
    operation   text   not null check (operation in ('put', 'remove')),
    primary key (revision, object_kind, object_id)
);

-- Every write and every refused attempt to write: append only (see the trigger below).
create table audit (
    id          bigint generated always as identity primary key,
    happened_at timestamptz not null,
    actor       text        not null,
    roles       text        not null,
    action      text        not null,
    object_kind text        not null,
    object_id   uuid,
    object_name text,
    revision    bigint,
    before      jsonb,
    after       jsonb
);
create index audit_object on audit (object_kind, object_id, id);

create function audit_is_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'the audit table is append only';
end $$;
create trigger audit_append_only before update or delete or truncate on audit
    for each statement execute function audit_is_append_only();

-- Catalog. `version` moves with every change of the row and is what an ETag shows.
create table service (
    id                      uuid primary key,
    name                    text not null unique,
    enabled                 boolean not null,
    connect_timeout_millis  integer not null,
    response_timeout_millis integer not null,
    idle_timeout_millis     integer not null,
    preserve_host           boolean not null,
    path_prefix             text not null,
    targets                 jsonb not null,
    tags                    text[] not null default '{}',
    version                 bigint not null,
    created_at              timestamptz not null,
    updated_at              timestamptz not null
);

create table route (
    id         uuid primary key,
    name       text not null unique,
    enabled    boolean not null,
    service_id uuid not null references service,
    hosts      text[] not null,
    paths      jsonb not null,
    methods    text[] not null,
    rewrite    jsonb,
    tags       text[] not null default '{}',
    version    bigint not null,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create index route_service on route (service_id);

create table plan (
    id          uuid primary key,
    name        text not null unique,
    description text not null default '',
    enabled     boolean not null,
    all_routes  boolean not null,
    rate_limits jsonb not null,
    when_unmetered text not null check (when_unmetered in ('refuse', 'serve')),
    tags        text[] not null default '{}',
    version     bigint not null,
    created_at  timestamptz not null,
    updated_at  timestamptz not null
);

create table plan_route (
    plan_id  uuid not null references plan on delete cascade,
    route_id uuid not null references route,
    primary key (plan_id, route_id)
);
create index plan_route_route on plan_route (route_id);

create table plan_service (
    plan_id    uuid not null references plan on delete cascade,
    service_id uuid not null references service,
    primary key (plan_id, service_id)
);
create index plan_service_service on plan_service (service_id);

create table consumer (
    id         uuid primary key,
    name       text not null unique,
    enabled    boolean not null,
    billing_id text,
    groups     text[] not null default '{}',
    tags       text[] not null default '{}',
    version    bigint not null,
    created_at timestamptz not null,
    updated_at timestamptz not null
);

-- API keys. The secret itself is never stored.
create table credential (
    id          uuid primary key,
    consumer_id uuid not null references consumer,
    name        text not null,
    environment text not null check (environment in ('live', 'test')),
    digest      bytea not null unique check (octet_length(digest) = 32),
    prefix      text not null,
    expires_at  timestamptz,
    revoked_at  timestamptz,
    version     bigint not null,
    created_at  timestamptz not null,
    updated_at  timestamptz not null,
    unique (consumer_id, name)
);

create table subscription (
    id          uuid primary key,
    consumer_id uuid not null references consumer,
    plan_id     uuid not null references plan,
    starts_at   timestamptz not null,
    ends_at     timestamptz check (ends_at > starts_at),
    version     bigint not null,
    created_at  timestamptz not null,
    updated_at  timestamptz not null
);
create index subscription_consumer on subscription (consumer_id);
create index subscription_plan on subscription (plan_id);

create table policy (
    id              uuid primary key,
    name            text not null unique,
    type            text not null,
    enabled         boolean not null,
    attachment_kind text not null check (attachment_kind in ('global', 'service', 'route', 'plan', 'consumer')),
    service_id      uuid references service,
    route_id        uuid references route,
    plan_id         uuid references plan,
    consumer_id     uuid references consumer,
    config          jsonb not null,
    tags            text[] not null default '{}',
    version         bigint not null,
    created_at      timestamptz not null,
    updated_at      timestamptz not null,
    check (num_nonnulls(service_id, route_id, plan_id, consumer_id) = case attachment_kind when 'global' then 0 else 1 end),
    check ((attachment_kind = 'service') = (service_id is not null)),
    check ((attachment_kind = 'route') = (route_id is not null)),
    check ((attachment_kind = 'plan') = (plan_id is not null)),
    check ((attachment_kind = 'consumer') = (consumer_id is not null))
);
-- One enabled policy of a type at one place: "the most specific one wins" must have one answer.
create unique index policy_one_per_place on policy
    (type, coalesce(service_id, route_id, plan_id, consumer_id, '00000000-0000-0000-0000-000000000000')) where enabled;

-- Answers kept for Idempotency-Key, so that a repeated POST is answered again and not done again.
create table idempotency (
    actor          text not null,
    key            text not null,
    request_digest bytea not null,
    status         integer not null,
    headers        jsonb not null,
    body           text not null,
    created_at     timestamptz not null,
    primary key (actor, key)
);
create index idempotency_age on idempotency (created_at);

-- Signing keys of the admin tokens' own issuer; private keys as PKCS#8, public as X.509.
create table issuer_key (
    id          text primary key,
    algorithm   text not null,
    private_key bytea not null,
    public_key  bytea not null,
    created_at  timestamptz not null,
    retired_at  timestamptz
);

-- What each data plane node said last. Rewritten often, safe to lose.
create table node (
    id                 text primary key,
    boot_epoch         bigint not null,
    connected          boolean not null,
    control_plane      uuid not null,
    desired_revision   bigint not null,
    applied_revision   bigint not null,
    durable_revision   bigint not null,
    refused_revision   bigint,
    refused_problems   jsonb,
    applied_at         timestamptz,
    version            text not null,
    zone               text not null,
    proxy_address      text not null,
    operations_address text not null,
    connected_at       timestamptz not null,
    seen_at            timestamptz not null
);

-- The ledger. A batch's identity and its counts enter in one transaction; a repeat adds nothing.
create table usage_batch (
    node_id             text   not null,
    boot_epoch          bigint not null,
    sequence            bigint not null,
    digest              bytea  not null,
    rows                integer not null,
    requests            bigint not null,
    unmetered_requests  bigint not null,
    sealed_at           timestamptz not null,
    received_at         timestamptz not null,
    primary key (node_id, boot_epoch, sequence)
);

-- Ids are kept without foreign keys: what was counted outlives what was deleted. The nil UUID stands for "unknown".
create table usage_minute (
    minute         timestamptz not null,
    consumer_id    uuid not null,
    credential_id  uuid not null,
    plan_id        uuid not null,
    route_id       uuid not null,
    outcome_class  text not null,
    requests       bigint not null,
    request_bytes  bigint not null,
    response_bytes bigint not null,
    primary key (minute, consumer_id, credential_id, plan_id, route_id, outcome_class)
);
create index usage_minute_consumer on usage_minute (consumer_id, minute);

-- Names as they were, so that an export can name what has been deleted since.
create table retired_name (
    object_kind text not null,
    object_id   uuid not null,
    name        text not null,
    billing_id  text,
    retired_at  timestamptz not null,
    primary key (object_kind, object_id)
);
