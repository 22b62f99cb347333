-- Whom a service believes and what it shows to its targets; the rest of its TLS is among the settings.
alter table service
    add column trust_root_id uuid references trust_root,
    add column client_certificate_id uuid references certificate;
create index service_trust_root on service (trust_root_id);
create index service_client_certificate on service (client_certificate_id);
