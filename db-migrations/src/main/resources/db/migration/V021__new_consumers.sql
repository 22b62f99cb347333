-- Subjects of issuers that become consumers: on which plan.
alter table token_issuer add column new_consumer_plan_id uuid references plan;
create index token_issuer_new_consumer_plan on token_issuer (new_consumer_plan_id);

-- Whether a subject is a consumer's already.
create index credential_subject on credential (token_issuer_id, (config #>> '{jwt,subject}')) where token_issuer_id is not null;
