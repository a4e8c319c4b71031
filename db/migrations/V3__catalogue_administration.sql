-- What administrators say of an image beside what to run. version guards their changes: revision counts only those of what runs.
-- A price in dollars, exact to the billionth: a quarter of a Fargate vCPU costs a fraction of a millionth. It stands in the place of
-- price_micros_per_hour, which nothing ever read or wrote.

ALTER TABLE image ADD COLUMN architecture VARCHAR(16) DEFAULT 'X86_64' NOT NULL;
ALTER TABLE image ADD COLUMN price_usd_per_hour DECIMAL(15, 9) DEFAULT 0 NOT NULL;
ALTER TABLE image ADD COLUMN version BIGINT DEFAULT 0 NOT NULL;

-- Adding an image twice, or repeating it after a lost answer, adds one.
CREATE UNIQUE INDEX image_by_name ON image (language, name);

ALTER TABLE batch ADD COLUMN architecture VARCHAR(16) DEFAULT 'X86_64' NOT NULL;
