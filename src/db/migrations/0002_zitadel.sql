-- What the ZITADEL API has beyond connections and users. An empty org_id or owner stands for the instance.

-- The tenant as ZITADEL's clients know it: by a number.
CREATE TABLE instances (
  tenant TEXT NOT NULL PRIMARY KEY,
  id TEXT NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE TABLE organisations (
  tenant TEXT NOT NULL,
  id TEXT NOT NULL,
  seq BIGINT NOT NULL,
  name TEXT NOT NULL,
  is_default BIGINT NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (tenant, id)
);
CREATE UNIQUE INDEX organisations_by_seq ON organisations (tenant, seq);
CREATE INDEX organisations_by_default ON organisations (tenant, is_default);

CREATE TABLE service_users (
  tenant TEXT NOT NULL,
  id TEXT NOT NULL,
  org_id TEXT NOT NULL,
  username TEXT NOT NULL,
  username_folded TEXT NOT NULL,
  name TEXT NOT NULL,
  secret_hash BYTEA,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant, id)
);
CREATE UNIQUE INDEX service_users_by_username ON service_users (tenant, username_folded);

CREATE TABLE service_user_keys (
  tenant TEXT NOT NULL,
  id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  algorithm TEXT NOT NULL,
  spki_pem TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT,
  PRIMARY KEY (tenant, id)
);

-- Bearer tokens of service users: personal ones, made by hand, and those of the token endpoint.
CREATE TABLE service_tokens (
  tenant TEXT NOT NULL,
  hash BYTEA NOT NULL,
  id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  is_personal BIGINT NOT NULL,
  scope TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT,
  PRIMARY KEY (tenant, hash)
);
CREATE INDEX service_tokens_by_end ON service_tokens (expires_at) WHERE expires_at IS NOT NULL;

-- user_id names a person or a service user.
CREATE TABLE memberships (
  tenant TEXT NOT NULL,
  user_id TEXT NOT NULL,
  org_id TEXT NOT NULL,
  roles TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant, user_id, org_id)
);

CREATE TABLE login_policies (
  tenant TEXT NOT NULL,
  owner TEXT NOT NULL,
  offers_providers BIGINT NOT NULL,
  doc TEXT NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (tenant, owner)
);

CREATE TABLE login_policy_providers (
  tenant TEXT NOT NULL,
  owner TEXT NOT NULL,
  connection_id TEXT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant, owner, connection_id)
);
CREATE INDEX login_policy_providers_by_connection ON login_policy_providers (tenant, connection_id);

-- Connections made before have their creation time as id, in ZITADEL's form: 10 ms units since 2019-04-29, then 24 bits.
UPDATE connections SET zitadel_id =
  CAST(((created_at - 1556496000000) / 10) * 16777216 + seq % 16777216 AS TEXT)
  WHERE zitadel_id IS NULL AND created_at > 1620000000000;
