-- Deliveries are taken by address, so that a long queue for one does not have to be read to find the others.
CREATE INDEX outbox_by_target ON outbox (target, due_at);
