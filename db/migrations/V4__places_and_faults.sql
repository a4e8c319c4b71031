-- Where a provider with several places to start in was to start a batch, so that a replay asks for exactly the same.
ALTER TABLE batch ADD COLUMN place VARCHAR(100) DEFAULT '' NOT NULL;

-- Why a launch failed, for those who have to act on it; null where it ended without a fault.
ALTER TABLE allocation ADD COLUMN end_fault VARCHAR(32);
ALTER TABLE allocation ADD COLUMN end_fault_owner VARCHAR(16);
ALTER TABLE allocation ADD COLUMN end_fault_hint VARCHAR(500);
