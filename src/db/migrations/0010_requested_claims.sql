-- Claims that a client asked for by name: those of the ID token, a comma, those of userinfo. Empty for none.
ALTER TABLE grants ADD COLUMN requested_claims TEXT NOT NULL DEFAULT '';
