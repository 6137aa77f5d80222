-- Every login and every refresh writes these tables, and each index is one more row to write. What is left out here is
-- found another way: events by log_id, which begins with the time, a session's tokens and codes through its user, and
-- the tokens of a family through their grant.
DROP INDEX log_events_by_date;
DROP INDEX log_events_by_user;
CREATE INDEX log_events_by_user ON log_events (tenant, user_id, log_id) WHERE user_id <> '';
DROP INDEX authorization_codes_by_session;
DROP INDEX refresh_tokens_by_session;
DROP INDEX refresh_tokens_by_family;
DROP INDEX refresh_tokens_by_grant;
CREATE INDEX refresh_tokens_by_grant ON refresh_tokens (tenant, grant_id, generation);
DROP INDEX refresh_tokens_by_end;
DROP INDEX refresh_tokens_by_idle_end;
CREATE INDEX refresh_tokens_by_end ON refresh_tokens ((CASE WHEN idle_expires_at < expires_at OR expires_at IS NULL
  THEN idle_expires_at ELSE expires_at END));
