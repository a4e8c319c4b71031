-- One text for MySQL 8, MariaDB 10.11 and H2 in MySQL mode.
--   *_us   microseconds since 1970-01-01T00:00:00Z: whole numbers survive every driver and every time zone.
--   live   1 until the row is over, then null, so that unique keys hold among live rows only.
--   owner  bytes, so that `bob`, `Bob` and `bob ` are three users on every database.
-- No foreign keys: they lock parent rows on every insert, and rows are never deleted under their children.

CREATE TABLE language (
    name     VARCHAR(32) NOT NULL,
    ordering INT         NOT NULL,
    PRIMARY KEY (name)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE TABLE image (
    id                    BIGINT       NOT NULL,
    name                  VARCHAR(100) NOT NULL,
    language              VARCHAR(32)  NOT NULL,
    revision              INT          NOT NULL DEFAULT 1,
    local_command         VARCHAR(255) NOT NULL DEFAULT '',
    container_image       VARCHAR(500) NOT NULL DEFAULT '',
    task_definition       VARCHAR(500) NOT NULL DEFAULT '',
    cpu_millis            INT          NOT NULL,
    memory_mib            INT          NOT NULL,
    price_micros_per_hour BIGINT       NOT NULL DEFAULT 0,
    enabled               BOOLEAN      NOT NULL DEFAULT TRUE,
    ordering              INT          NOT NULL DEFAULT 0,
    PRIMARY KEY (id)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- The whole request, so that a replay after a crash asks for exactly the same.
CREATE TABLE batch (
    batch_key       VARCHAR(64)  NOT NULL,
    provider        VARCHAR(32)  NOT NULL,
    containers      INT          NOT NULL,
    image_id        BIGINT       NOT NULL,
    image_name      VARCHAR(100) NOT NULL,
    language        VARCHAR(32)  NOT NULL,
    revision        INT          NOT NULL,
    local_command   VARCHAR(255) NOT NULL,
    container_image VARCHAR(500) NOT NULL,
    task_definition VARCHAR(500) NOT NULL,
    cpu_millis      INT          NOT NULL,
    memory_mib      INT          NOT NULL,
    enabled         BOOLEAN      NOT NULL,
    created_us      BIGINT       NOT NULL,
    PRIMARY KEY (batch_key)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE TABLE container (
    id            VARCHAR(26)  NOT NULL,
    image_id      BIGINT       NOT NULL,
    revision      INT          NOT NULL,
    batch_key     VARCHAR(64)  NOT NULL,
    ordinal       INT          NOT NULL,
    provider      VARCHAR(32)  NOT NULL,
    state         VARCHAR(16)  NOT NULL,
    ref           VARCHAR(255),
    address_ip    VARCHAR(45),
    address_port  INT,
    api_key_hash  VARCHAR(64)  NOT NULL,
    requested_us  BIGINT       NOT NULL,
    started_us    BIGINT,
    ready_us      BIGINT,
    stopped_us    BIGINT,
    cause_kind    VARCHAR(32),
    cause_detail  VARCHAR(500),
    ssh_user      VARCHAR(64),
    ssh_auth_type VARCHAR(32),
    ssh_auth      VARBINARY(4096),
    ssh_key_id    VARCHAR(64),
    ssh_port      INT,
    ssh_host_key  VARCHAR(4000),
    version       BIGINT       NOT NULL DEFAULT 0,
    live          SMALLINT GENERATED ALWAYS AS (CASE WHEN state = 'STOPPED' THEN NULL ELSE 1 END),
    PRIMARY KEY (id)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE UNIQUE INDEX container_api_key ON container (api_key_hash);
CREATE UNIQUE INDEX container_batch_place ON container (batch_key, ordinal);
CREATE UNIQUE INDEX container_live_ref ON container (ref, provider, live);
CREATE INDEX container_by_state ON container (state, requested_us);
CREATE INDEX container_by_provider ON container (provider, live);

CREATE TABLE allocation (
    id              VARCHAR(26)    NOT NULL,
    owner           VARBINARY(255) NOT NULL,
    image_id        BIGINT         NOT NULL,
    slot            VARCHAR(32)    NOT NULL,
    state           VARCHAR(16)    NOT NULL,
    container_id    VARCHAR(26),
    failed_bindings INT            NOT NULL DEFAULT 0,
    created_us      BIGINT         NOT NULL,
    active_us       BIGINT,
    ended_us        BIGINT,
    end_code        VARCHAR(32),
    end_detail      VARCHAR(500),
    version         BIGINT         NOT NULL DEFAULT 0,
    live            SMALLINT GENERATED ALWAYS AS (CASE WHEN state = 'ENDED' THEN NULL ELSE 1 END),
    PRIMARY KEY (id)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- Live before image and slot: the same key finds all that one user has now, however long the history is.
CREATE UNIQUE INDEX allocation_live_claim ON allocation (owner, live, image_id, slot);
CREATE UNIQUE INDEX allocation_live_container ON allocation (container_id, live);
CREATE INDEX allocation_by_state ON allocation (state, created_us);
CREATE INDEX allocation_history ON allocation (owner, ended_us);

CREATE TABLE allocation_event (
    id            BIGINT        NOT NULL AUTO_INCREMENT,
    allocation_id VARCHAR(26)   NOT NULL,
    at_us         BIGINT        NOT NULL,
    phase         VARCHAR(16)   NOT NULL,
    detail        VARCHAR(1000) NOT NULL,
    PRIMARY KEY (id)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE INDEX allocation_event_story ON allocation_event (allocation_id, id);

-- pass names the newest commit of the lease's holder: how a commit whose reply was lost is recognised.
CREATE TABLE lease (
    name       VARCHAR(32)  NOT NULL,
    holder     VARCHAR(255) NOT NULL,
    epoch      BIGINT       NOT NULL,
    expires_us BIGINT       NOT NULL,
    pass       BIGINT       NOT NULL DEFAULT 0,
    PRIMARY KEY (name)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

INSERT INTO lease (name, holder, epoch, expires_us) VALUES ('fleet', '', 0, 0);
