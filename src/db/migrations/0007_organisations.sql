-- Organisations decide who is offered what: people belong to one, and a policy takes back only what it gave.

-- Empty: the default organisation.
ALTER TABLE users ADD COLUMN org_id TEXT NOT NULL DEFAULT '';

-- The rest of an organisation's primary domain is the host. Empty: it has none.
ALTER TABLE organisations ADD COLUMN domain_label TEXT NOT NULL DEFAULT '';
UPDATE organisations SET domain_label = lower(replace(trim(name), ' ', '-'))
  WHERE length(trim(name)) BETWEEN 1 AND 63 AND name NOT LIKE '%.%';
CREATE INDEX organisations_by_domain ON organisations (tenant, domain_label);

-- Why an application has a connection; a row with neither mark does not exist.
ALTER TABLE connection_clients ADD COLUMN by_hand BIGINT NOT NULL DEFAULT 1;
ALTER TABLE connection_clients ADD COLUMN by_policy BIGINT NOT NULL DEFAULT 0;
-- So far a policy took back everything that it listed.
UPDATE connection_clients SET by_hand = 0, by_policy = 1 WHERE EXISTS
  (SELECT 1 FROM login_policy_providers p CROSS JOIN login_policies l WHERE p.tenant = connection_clients.tenant
   AND p.connection_id = connection_clients.connection_id AND l.tenant = p.tenant AND l.owner = p.owner
   AND l.offers_providers = 1 AND p.owner = COALESCE(
     (SELECT o.id FROM organisations o CROSS JOIN login_policies d WHERE o.tenant = p.tenant AND o.is_default = 1
      AND d.tenant = o.tenant AND d.owner = o.id), ''));

CREATE INDEX login_policy_providers_by_seq ON login_policy_providers (tenant, owner, seq);
