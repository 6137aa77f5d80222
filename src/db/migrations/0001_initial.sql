-- Times are epoch milliseconds, flags 0 or 1, hashes and sealed values BYTEA, documents JSON text, lists of free text
-- JSON arrays (empty text for none), scopes words with spaces between.
-- Every key starts with the tenant, so that no query can reach another tenant's row by an id alone. Indexes that begin
-- with a time serve the sweeper, which works through all tenants.
-- Tables that a login writes to have as few indexes as possible: each one costs a page in the log for every login.

CREATE TABLE tenants (
  tenant TEXT NOT NULL PRIMARY KEY,
  doc TEXT NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE TABLE domains (
  host TEXT NOT NULL PRIMARY KEY,
  base_url TEXT NOT NULL,
  tenant TEXT NOT NULL,
  id TEXT NOT NULL,
  is_canonical BIGINT NOT NULL,
  verified_at BIGINT,
  doc TEXT NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX domains_by_tenant ON domains (tenant, id);

CREATE TABLE sequences (
  tenant TEXT NOT NULL,
  name TEXT NOT NULL,
  value BIGINT NOT NULL,
  PRIMARY KEY (tenant, name)
);

CREATE TABLE signing_keys (
  tenant TEXT NOT NULL,
  owner TEXT NOT NULL,
  kid TEXT NOT NULL,
  algorithm TEXT NOT NULL,
  state TEXT NOT NULL,
  private_key BYTEA NOT NULL,
  certificate TEXT NOT NULL,
  public_jwk TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  current_since BIGINT,
  current_until BIGINT,
  revoked_at BIGINT,
  PRIMARY KEY (tenant, owner, kid)
);

CREATE TABLE clients (
  tenant TEXT NOT NULL,
  client_id TEXT NOT NULL,
  seq BIGINT NOT NULL,
  name TEXT NOT NULL,
  app_type TEXT NOT NULL,
  is_first_party BIGINT NOT NULL,
  is_global BIGINT NOT NULL,
  secret_hash BYTEA,
  secret BYTEA,
  doc TEXT NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (tenant, client_id)
);
CREATE UNIQUE INDEX clients_by_seq ON clients (tenant, seq);

-- origin is what a lookup can compute from a browser's Origin header: the registered origin itself, or with `*` for the
-- whole first label where the registered one, kept in pattern, has a wildcard there.
CREATE TABLE client_origins (
  tenant TEXT NOT NULL,
  origin TEXT NOT NULL,
  pattern TEXT NOT NULL,
  client_id TEXT NOT NULL,
  PRIMARY KEY (tenant, origin, pattern, client_id)
);
CREATE INDEX client_origins_by_client ON client_origins (tenant, client_id);

CREATE TABLE client_credentials (
  tenant TEXT NOT NULL,
  client_id TEXT NOT NULL,
  id TEXT NOT NULL,
  doc TEXT NOT NULL,
  spki_pem TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant, client_id, id)
);

CREATE TABLE connections (
  tenant TEXT NOT NULL,
  id TEXT NOT NULL,
  seq BIGINT NOT NULL,
  name TEXT NOT NULL,
  name_folded TEXT NOT NULL,
  strategy TEXT NOT NULL,
  display_name TEXT NOT NULL,
  authentication_active BIGINT NOT NULL,
  connected_accounts_active BIGINT NOT NULL,
  is_domain_connection BIGINT NOT NULL,
  show_as_button BIGINT NOT NULL,
  realms TEXT NOT NULL,
  domain_aliases TEXT NOT NULL,
  icon_url TEXT NOT NULL,
  settings TEXT NOT NULL,
  client_secret BYTEA,
  status TEXT NOT NULL,
  status_detail TEXT NOT NULL,
  doc TEXT NOT NULL,
  options TEXT NOT NULL,
  oidc_metadata TEXT NOT NULL,
  metadata_pinned BIGINT NOT NULL,
  metadata_fetched_at BIGINT NOT NULL,
  zitadel_id TEXT,
  zitadel_owner TEXT NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (tenant, id)
);
CREATE UNIQUE INDEX connections_by_name ON connections (tenant, name_folded);
CREATE UNIQUE INDEX connections_by_seq ON connections (tenant, seq);
CREATE UNIQUE INDEX connections_by_zitadel_id ON connections (tenant, zitadel_id);
CREATE INDEX connections_at_domain_level ON connections (tenant, seq) WHERE is_domain_connection = 1;
CREATE INDEX connections_by_metadata_age ON connections (metadata_fetched_at) WHERE metadata_pinned = 0;
CREATE INDEX connections_by_failed_metadata ON connections (metadata_fetched_at)
  WHERE metadata_pinned = 0 AND status IN ('incomplete', 'unreachable');

-- seq is the connection's, so that a login page reads the first few of a client's connections without sorting all.
CREATE TABLE connection_clients (
  tenant TEXT NOT NULL,
  client_id TEXT NOT NULL,
  connection_id TEXT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant, client_id, connection_id)
);
CREATE INDEX connection_clients_by_seq ON connection_clients (tenant, client_id, seq);
CREATE INDEX connection_clients_by_connection ON connection_clients (tenant, connection_id, client_id);

CREATE TABLE connection_domains (
  tenant TEXT NOT NULL,
  domain TEXT NOT NULL,
  connection_id TEXT NOT NULL,
  PRIMARY KEY (tenant, domain, connection_id)
);
CREATE INDEX connection_domains_by_connection ON connection_domains (tenant, connection_id);

CREATE TABLE connection_realms (
  tenant TEXT NOT NULL,
  realm TEXT NOT NULL,
  connection_id TEXT NOT NULL,
  PRIMARY KEY (tenant, realm, connection_id)
);
CREATE INDEX connection_realms_by_connection ON connection_realms (tenant, connection_id);

CREATE TABLE users (
  tenant TEXT NOT NULL,
  user_id TEXT NOT NULL,
  seq BIGINT NOT NULL,
  email TEXT NOT NULL,
  email_folded TEXT NOT NULL,
  email_verified BIGINT NOT NULL,
  username TEXT NOT NULL,
  username_folded TEXT NOT NULL,
  profile TEXT NOT NULL,
  user_metadata TEXT NOT NULL,
  app_metadata TEXT NOT NULL,
  blocked BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  last_login BIGINT,
  last_ip TEXT NOT NULL,
  logins_count BIGINT NOT NULL,
  tokens_valid_after BIGINT,
  version BIGINT NOT NULL,
  PRIMARY KEY (tenant, user_id)
);
CREATE UNIQUE INDEX users_by_seq ON users (tenant, seq);
CREATE INDEX users_by_email ON users (tenant, email_folded);
CREATE INDEX users_by_username ON users (tenant, username_folded);

CREATE TABLE identities (
  tenant TEXT NOT NULL,
  connection_id TEXT NOT NULL,
  subject TEXT NOT NULL,
  user_id TEXT NOT NULL,
  position BIGINT NOT NULL,
  connection_name TEXT NOT NULL,
  provider TEXT NOT NULL,
  profile TEXT NOT NULL,
  linked_at BIGINT NOT NULL,
  PRIMARY KEY (tenant, connection_id, subject)
);
CREATE INDEX identities_by_user ON identities (tenant, user_id, position);

-- position orders a user's sessions by creation. ends_at is the earlier of idle_expires_at and expires_at.
CREATE TABLE sessions (
  tenant TEXT NOT NULL,
  id TEXT NOT NULL,
  position BIGINT NOT NULL,
  cookie BYTEA NOT NULL,
  previous_cookie BYTEA,
  previous_cookie_until BIGINT NOT NULL,
  user_id TEXT NOT NULL,
  connection_id TEXT NOT NULL,
  base_url TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  authenticated_at BIGINT NOT NULL,
  last_interacted_at BIGINT NOT NULL,
  idle_expires_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  ends_at BIGINT NOT NULL,
  persistent BIGINT NOT NULL,
  upstream_expiry BIGINT,
  upstream_issuer TEXT NOT NULL,
  upstream_subject TEXT NOT NULL,
  upstream_sid TEXT NOT NULL,
  upstream_id_token BYTEA,
  acr TEXT NOT NULL,
  amr TEXT NOT NULL,
  initial_user_agent TEXT NOT NULL,
  initial_ip TEXT NOT NULL,
  last_user_agent TEXT NOT NULL,
  last_ip TEXT NOT NULL,
  metadata TEXT NOT NULL,
  PRIMARY KEY (tenant, id)
);
CREATE UNIQUE INDEX sessions_by_cookie ON sessions (tenant, cookie);
CREATE INDEX sessions_by_previous_cookie ON sessions (tenant, previous_cookie) WHERE previous_cookie IS NOT NULL;
CREATE INDEX sessions_by_user ON sessions (tenant, user_id, position);
CREATE INDEX sessions_by_upstream_subject ON sessions (tenant, connection_id, upstream_subject);
CREATE INDEX sessions_by_upstream_sid ON sessions (tenant, connection_id, upstream_sid) WHERE upstream_sid <> '';
CREATE INDEX sessions_by_end ON sessions (ends_at);

CREATE TABLE session_clients (
  tenant TEXT NOT NULL,
  session_id TEXT NOT NULL,
  client_id TEXT NOT NULL,
  first_used_at BIGINT NOT NULL,
  PRIMARY KEY (tenant, session_id, client_id)
);

CREATE TABLE grants (
  tenant TEXT NOT NULL,
  id TEXT NOT NULL,
  client_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  session_id TEXT NOT NULL,
  connection_id TEXT NOT NULL,
  base_url TEXT NOT NULL,
  scope TEXT NOT NULL,
  audience TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  auth_time BIGINT NOT NULL,
  acr TEXT NOT NULL,
  amr TEXT NOT NULL,
  session_expiry BIGINT,
  login_claims TEXT NOT NULL,
  revoked_at BIGINT,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX grants_by_user ON grants (tenant, user_id, client_id);
CREATE INDEX grants_by_connection ON grants (tenant, connection_id, client_id);
CREATE INDEX grants_by_end ON grants (expires_at);

-- user_id and session_id are the grant's, so that a sign-out finds its codes in this small table.
CREATE TABLE authorization_codes (
  tenant TEXT NOT NULL,
  hash BYTEA NOT NULL,
  grant_id TEXT NOT NULL,
  client_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  session_id TEXT NOT NULL,
  base_url TEXT NOT NULL,
  redirect_uri TEXT NOT NULL,
  redirect_uri_was_sent BIGINT NOT NULL,
  challenge TEXT NOT NULL,
  challenge_method TEXT NOT NULL,
  nonce TEXT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT,
  PRIMARY KEY (tenant, hash)
);
CREATE INDEX authorization_codes_by_user ON authorization_codes (tenant, user_id);
CREATE INDEX authorization_codes_by_session ON authorization_codes (tenant, session_id);
CREATE INDEX authorization_codes_by_end ON authorization_codes (expires_at);

CREATE TABLE access_tokens (
  tenant TEXT NOT NULL,
  hash BYTEA NOT NULL,
  grant_id TEXT NOT NULL,
  client_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  base_url TEXT NOT NULL,
  scope TEXT NOT NULL,
  issued_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (tenant, hash)
);
CREATE INDEX access_tokens_by_grant ON access_tokens (tenant, grant_id);
CREATE INDEX access_tokens_by_end ON access_tokens (expires_at);

CREATE TABLE refresh_tokens (
  tenant TEXT NOT NULL,
  hash BYTEA NOT NULL,
  id TEXT NOT NULL,
  position BIGINT NOT NULL,
  family TEXT NOT NULL,
  generation BIGINT NOT NULL,
  grant_id TEXT NOT NULL,
  client_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  session_id TEXT NOT NULL,
  base_url TEXT NOT NULL,
  rotating BIGINT NOT NULL,
  online BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  last_used_at BIGINT NOT NULL,
  expires_at BIGINT,
  idle_expires_at BIGINT,
  replaced_at BIGINT,
  metadata TEXT NOT NULL,
  PRIMARY KEY (tenant, hash)
);
CREATE UNIQUE INDEX refresh_tokens_by_id ON refresh_tokens (tenant, id);
CREATE INDEX refresh_tokens_by_family ON refresh_tokens (tenant, family, generation);
CREATE INDEX refresh_tokens_by_user ON refresh_tokens (tenant, user_id, client_id, position);
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (tenant, session_id);
CREATE INDEX refresh_tokens_by_grant ON refresh_tokens (tenant, grant_id);
CREATE INDEX refresh_tokens_by_end ON refresh_tokens (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX refresh_tokens_by_idle_end ON refresh_tokens (idle_expires_at) WHERE idle_expires_at IS NOT NULL;

-- Ids of sealed or signed values that may be used once: upstream states, front-channel ID tokens, assertion jti.
CREATE TABLE used_tickets (
  tenant TEXT NOT NULL,
  kind TEXT NOT NULL,
  hash BYTEA NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (tenant, kind, hash)
);
CREATE INDEX used_tickets_by_end ON used_tickets (expires_at);

-- Values that we handed out and that are exchanged once for what they stand for: PAR requests, administrator links.
CREATE TABLE tickets (
  tenant TEXT NOT NULL,
  kind TEXT NOT NULL,
  hash BYTEA NOT NULL,
  subject TEXT NOT NULL,
  doc TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT,
  PRIMARY KEY (tenant, kind, hash)
);
CREATE INDEX tickets_by_end ON tickets (expires_at);

CREATE TABLE resource_servers (
  tenant TEXT NOT NULL,
  id TEXT NOT NULL,
  seq BIGINT NOT NULL,
  identifier TEXT NOT NULL,
  name TEXT NOT NULL,
  is_system BIGINT NOT NULL,
  signing_secret BYTEA,
  doc TEXT NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant, id)
);
CREATE UNIQUE INDEX resource_servers_by_identifier ON resource_servers (tenant, identifier);
CREATE UNIQUE INDEX resource_servers_by_seq ON resource_servers (tenant, seq);

CREATE TABLE client_grants (
  tenant TEXT NOT NULL,
  id TEXT NOT NULL,
  seq BIGINT NOT NULL,
  client_id TEXT NOT NULL,
  audience TEXT NOT NULL,
  subject_type TEXT NOT NULL,
  doc TEXT NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant, id)
);
CREATE UNIQUE INDEX client_grants_by_target ON client_grants (tenant, client_id, audience, subject_type);
CREATE UNIQUE INDEX client_grants_by_seq ON client_grants (tenant, seq);

-- One row for each word of the scope.
CREATE TABLE consents (
  tenant TEXT NOT NULL,
  user_id TEXT NOT NULL,
  client_id TEXT NOT NULL,
  audience TEXT NOT NULL,
  scope TEXT NOT NULL,
  granted_at BIGINT NOT NULL,
  PRIMARY KEY (tenant, user_id, client_id, audience, scope)
);
CREATE INDEX consents_by_client ON consents (tenant, client_id);

CREATE TABLE log_events (
  tenant TEXT NOT NULL,
  log_id TEXT NOT NULL,
  date BIGINT NOT NULL,
  type TEXT NOT NULL,
  description TEXT NOT NULL,
  client_id TEXT NOT NULL,
  client_name TEXT NOT NULL,
  connection_id TEXT NOT NULL,
  connection TEXT NOT NULL,
  strategy TEXT NOT NULL,
  user_id TEXT NOT NULL,
  user_name TEXT NOT NULL,
  ip TEXT NOT NULL,
  user_agent TEXT NOT NULL,
  hostname TEXT NOT NULL,
  audience TEXT NOT NULL,
  scope TEXT NOT NULL,
  reference TEXT,
  details TEXT NOT NULL,
  PRIMARY KEY (tenant, log_id)
);
CREATE INDEX log_events_by_reference ON log_events (tenant, reference, log_id) WHERE reference IS NOT NULL;
CREATE INDEX log_events_by_user ON log_events (tenant, user_id, log_id);
CREATE INDEX log_events_by_date ON log_events (date);

-- Things to be delivered to somebody else after the commit that caused them: logout tokens.
CREATE TABLE outbox (
  tenant TEXT NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  target TEXT NOT NULL,
  doc TEXT NOT NULL,
  attempts BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX outbox_by_due ON outbox (due_at);
