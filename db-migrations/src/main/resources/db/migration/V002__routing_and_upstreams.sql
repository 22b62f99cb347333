-- Nested settings travel by name from the contract through these documents to the nodes: their members are those of the admin API.
-- What they may say is judged by the contract, and the whole by the nodes' compiler, before they get here.
alter table service add column settings jsonb not null default '{}';
alter table route add column settings jsonb not null default '{}';

-- How the node sees the targets of its services, as it said last.
alter table node add column target_health jsonb;
