-- Headers of the token request hold API keys: sealed like the client secret, no longer in clear among the options.
ALTER TABLE connections ADD COLUMN custom_headers BYTEA;

-- Connections that were removed while people, sessions and grants of theirs may still be stored.
CREATE TABLE connection_remains (
  tenant TEXT NOT NULL,
  connection_id TEXT NOT NULL,
  keeps_users BIGINT NOT NULL,
  PRIMARY KEY (tenant, connection_id)
);

-- A host name belongs to the tenant that proved it; before that, several may try.
CREATE TABLE domains_of_tenants (
  host TEXT NOT NULL,
  base_url TEXT NOT NULL,
  tenant TEXT NOT NULL,
  id TEXT NOT NULL,
  is_canonical BIGINT NOT NULL,
  verified_at BIGINT,
  doc TEXT NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant, id)
);
INSERT INTO domains_of_tenants (host, base_url, tenant, id, is_canonical, verified_at, doc, version, created_at)
  SELECT host, base_url, tenant, id, is_canonical, verified_at, doc, version, created_at FROM domains;
DROP TABLE domains;
ALTER TABLE domains_of_tenants RENAME TO domains;
CREATE UNIQUE INDEX domains_by_host ON domains (host) WHERE verified_at IS NOT NULL;
CREATE UNIQUE INDEX domains_by_tenant_and_host ON domains (tenant, host);
