-- A login page reads the few connections that have a button, however many have none.
CREATE INDEX connections_with_button ON connections (tenant, seq)
  WHERE show_as_button = 1 OR strategy = 'oauth2';
