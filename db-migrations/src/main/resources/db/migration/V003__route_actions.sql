-- A redirect or a fixed answer needs no service, and a split names several; what they say is among the settings.
alter table route alter column service_id drop not null;

-- Every service that a route refers to: the one that answers, those of its split, the one of its mirror.
create table route_uses_service (
    route_id   uuid not null references route on delete cascade,
    service_id uuid not null references service,
    primary key (route_id, service_id)
);
create index route_uses_service_service on route_uses_service (service_id);
insert into route_uses_service (route_id, service_id) select id, service_id from route;
