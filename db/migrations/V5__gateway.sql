-- When containers were last used through a gateway, for those who stop idle ones.
CREATE TABLE gateway_activity (
    allocation_id VARCHAR(26) NOT NULL,
    used_us       BIGINT      NOT NULL,
    PRIMARY KEY (allocation_id)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- One-time links that were used, until they would have expired anyway.
CREATE TABLE gateway_used_link (
    id         VARCHAR(26) NOT NULL,
    expires_us BIGINT      NOT NULL,
    PRIMARY KEY (id)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE INDEX gateway_used_link_expiry ON gateway_used_link (expires_us);

-- Links by which an owner lets others see one port of a container.
CREATE TABLE gateway_share (
    id            VARCHAR(26) NOT NULL,
    allocation_id VARCHAR(26) NOT NULL,
    port          INT         NOT NULL,
    created_us    BIGINT      NOT NULL,
    expires_us    BIGINT      NOT NULL,
    withdrawn_us  BIGINT,
    PRIMARY KEY (id)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE INDEX gateway_share_of ON gateway_share (allocation_id, created_us);
