-- Provisioning by a customer's directory, set-up profiles for customers, and texts that administrators write.

CREATE TABLE scim_configurations (
  tenant TEXT NOT NULL,
  connection_id TEXT NOT NULL,
  seq BIGINT NOT NULL,
  user_id_attribute TEXT NOT NULL,
  mapping TEXT NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (tenant, connection_id)
);
CREATE UNIQUE INDEX scim_configurations_by_seq ON scim_configurations (tenant, seq);

CREATE TABLE scim_tokens (
  tenant TEXT NOT NULL,
  id TEXT NOT NULL,
  connection_id TEXT NOT NULL,
  hash BYTEA NOT NULL,
  scopes TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT,
  last_used_at BIGINT,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX scim_tokens_by_connection ON scim_tokens (tenant, connection_id);

CREATE TABLE self_service_profiles (
  tenant TEXT NOT NULL,
  id TEXT NOT NULL,
  seq BIGINT NOT NULL,
  doc TEXT NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (tenant, id)
);
CREATE UNIQUE INDEX self_service_profiles_by_seq ON self_service_profiles (tenant, seq);

-- Links that let a customer's administrator set a connection up.
CREATE TABLE self_service_tickets (
  tenant TEXT NOT NULL,
  hash BYTEA NOT NULL,
  profile_id TEXT NOT NULL,
  doc TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (tenant, hash)
);
CREATE INDEX self_service_tickets_by_profile ON self_service_tickets (tenant, profile_id);
CREATE INDEX self_service_tickets_by_end ON self_service_tickets (expires_at);

-- kind says whose texts they are, name which: of a prompt, or of a page of a self-service profile.
CREATE TABLE custom_texts (
  tenant TEXT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  language TEXT NOT NULL,
  doc TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (tenant, kind, name, language)
);
