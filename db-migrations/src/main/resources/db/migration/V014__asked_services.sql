-- The service that a policy of the type forward-auth asks: the reference of its document once more, so that it cannot go.
alter table policy add column asked_service_id uuid references service;
create index policy_asked_service on policy (asked_service_id) where asked_service_id is not null;
