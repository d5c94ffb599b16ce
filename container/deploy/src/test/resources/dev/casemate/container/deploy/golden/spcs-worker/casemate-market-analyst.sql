-- Run by a role that may create roles and integrations, with the directory of this file as
-- the current one. The images lie in CASEMATE.AGENTS.IMAGES.
CREATE ROLE IF NOT EXISTS AGENT_ROLE;
GRANT USAGE ON DATABASE CASEMATE TO ROLE AGENT_ROLE;
GRANT USAGE ON SCHEMA CASEMATE.AGENTS TO ROLE AGENT_ROLE;
GRANT USAGE ON COMPUTE POOL AGENT_POOL TO ROLE AGENT_ROLE;
GRANT READ ON IMAGE REPOSITORY CASEMATE.AGENTS.IMAGES TO ROLE AGENT_ROLE;

CREATE STAGE IF NOT EXISTS CASEMATE.AGENTS.CASEMATE_MARKET_ANALYST_FILES ENCRYPTION = (TYPE = 'SNOWFLAKE_SSE');
PUT 'file://service.yaml' @CASEMATE.AGENTS.CASEMATE_MARKET_ANALYST_FILES AUTO_COMPRESS = FALSE OVERWRITE = TRUE;
PUT 'file://files/deployment.json' @CASEMATE.AGENTS.CASEMATE_MARKET_ANALYST_FILES/files AUTO_COMPRESS = FALSE OVERWRITE = TRUE;
PUT 'file://files/hosts' @CASEMATE.AGENTS.CASEMATE_MARKET_ANALYST_FILES/files AUTO_COMPRESS = FALSE OVERWRITE = TRUE;
PUT 'file://files/prices.ca.pem' @CASEMATE.AGENTS.CASEMATE_MARKET_ANALYST_FILES/files AUTO_COMPRESS = FALSE OVERWRITE = TRUE;
PUT 'file://files/proxy.ca.pem' @CASEMATE.AGENTS.CASEMATE_MARKET_ANALYST_FILES/files AUTO_COMPRESS = FALSE OVERWRITE = TRUE;
GRANT READ ON STAGE CASEMATE.AGENTS.CASEMATE_MARKET_ANALYST_FILES TO ROLE AGENT_ROLE;

CREATE OR REPLACE NETWORK RULE CASEMATE.AGENTS.CASEMATE_MARKET_ANALYST_EGRESS
  TYPE = HOST_PORT
  MODE = EGRESS
  VALUE_LIST = ('proxy.test:8443', 'prices.test:443');
CREATE OR REPLACE EXTERNAL ACCESS INTEGRATION CASEMATE_MARKET_ANALYST_ACCESS
  ALLOWED_NETWORK_RULES = (CASEMATE.AGENTS.CASEMATE_MARKET_ANALYST_EGRESS)
  ENABLED = TRUE;

GRANT USAGE ON INTEGRATION CASEMATE_MARKET_ANALYST_ACCESS TO ROLE AGENT_ROLE;
GRANT READ ON SECRET CASEMATE.AGENTS.ANALYST_CREDENTIAL TO ROLE AGENT_ROLE;
GRANT CREATE SERVICE ON SCHEMA CASEMATE.AGENTS TO ROLE AGENT_ROLE;

USE ROLE AGENT_ROLE;
CREATE SERVICE CASEMATE.AGENTS.CASEMATE_MARKET_ANALYST
  IN COMPUTE POOL AGENT_POOL
  FROM @CASEMATE.AGENTS.CASEMATE_MARKET_ANALYST_FILES SPECIFICATION_FILE = 'service.yaml'
  EXTERNAL_ACCESS_INTEGRATIONS = (CASEMATE_MARKET_ANALYST_ACCESS)
  MIN_INSTANCES = 2
  MAX_INSTANCES = 2;

-- What Snowpark Container Services cannot enforce:
--
-- image: the digest names the image; its signature is not checked at the start. Run `casemate
-- verify` before the image is pushed to the repository
--   https://docs.snowflake.com/en/developer-guide/snowpark-container-services/specification-reference (2026-11-23)
--
-- trial of the network: nothing connects to a forbidden address before the start to see that the
-- rules hold, as the launcher does
--   docs/decisions/23-network-of-a-launch.md (2026-11-23)
--
-- exit reasons: why a container ended is in the service's status and not in the ledger
--   https://docs.snowflake.com/en/developer-guide/snowpark-container-services/working-with-services (2026-11-23)
--
-- queue: the proxy of this release has no queue: a worker ends with exit code 69 until there is
-- one, and the platform starts it again and again
--   docs/workers.md (2026-11-23)
--
-- deadline: a worker goes on, so the deadline of each of its runs is held by the agent's own
-- loop alone; the launcher would kill it from outside
--   docs/workers.md (2026-11-23)
--
-- network: the rule is by name and port, while the container connects to the bound address of
-- that name. If the two part, the connection fails. What else inside the account may be reached
-- is the platform's
--   https://docs.snowflake.com/en/sql-reference/sql/create-network-rule (2026-11-23)
--
-- name lookup: the platform's name server answers the container; whether names outside of the
-- rule are passed on is not documented
--   https://docs.snowflake.com/en/sql-reference/sql/create-network-rule (2026-11-23)
--
-- metadata address: whether an address for metadata can be reached is not documented
--   https://docs.snowflake.com/en/developer-guide/snowpark-container-services/specification-reference (2026-11-23)
--
-- read-only root: the specification has no field for it
--   https://docs.snowflake.com/en/developer-guide/snowpark-container-services/specification-reference (2026-11-23)
--
-- capabilities: the specification has no security context
--   https://docs.snowflake.com/en/developer-guide/snowpark-container-services/specification-reference (2026-11-23)
--
-- new privileges: the specification has no security context
--   https://docs.snowflake.com/en/developer-guide/snowpark-container-services/specification-reference (2026-11-23)
--
-- system calls: the specification has no security context: the platform's own list, and the
-- sealed runtime, are what is left
--   https://docs.snowflake.com/en/developer-guide/snowpark-container-services/specification-reference (2026-11-23)
--
-- user: the specification has no field for it: the image's own user, 65532, counts
--   https://docs.snowflake.com/en/developer-guide/snowpark-container-services/specification-reference (2026-11-23)
--
-- processes and threads: there is no field for it
--   https://docs.snowflake.com/en/developer-guide/snowpark-container-services/specification-reference (2026-11-23)
--
-- disk bandwidth: there is no field for it
--   https://docs.snowflake.com/en/developer-guide/snowpark-container-services/specification-reference (2026-11-23)
--
-- swap: there is no field for it
--   https://docs.snowflake.com/en/developer-guide/snowpark-container-services/specification-reference (2026-11-23)
--
-- descriptors and core files: there is no field for it
--   https://docs.snowflake.com/en/developer-guide/snowpark-container-services/specification-reference (2026-11-23)
--
-- /tmp without execution: a volume takes no mount options: that nothing in it is executed is
-- held by the sealed runtime alone
--   https://docs.snowflake.com/en/developer-guide/snowpark-container-services/specification-reference (2026-11-23)
--
-- shared kernel objects: there is no field for it
--   https://docs.snowflake.com/en/developer-guide/snowpark-container-services/specification-reference (2026-11-23)
--
-- own kernel: what containers of one compute pool share is not documented; a pool of its own for
-- each agent is the most that can be asked for
--   https://docs.snowflake.com/en/developer-guide/snowpark-container-services/specification-reference (2026-11-23)
--
-- platform credentials: the platform puts a token of the service's owner role into every
-- container (/snowflake/session/token). The rendered role may do nothing but run this service;
-- give it nothing else
--   https://docs.snowflake.com/en/developer-guide/snowpark-container-services/additional-considerations-services-jobs (2026-11-23)
--
-- environment: the platform adds variables of its own, account and host among them; the sealed
-- runtime cannot read them
--   https://docs.snowflake.com/en/developer-guide/snowpark-container-services/additional-considerations-services-jobs (2026-11-23)
--
-- secrets: documents lie on a stage that the service's role may read; whoever may write there
-- changes what the agent is bound to
--   https://docs.snowflake.com/en/developer-guide/snowpark-container-services/specification-reference (2026-11-23)
--
-- restarts: what ends is started again, without a bound on how often
--   https://docs.snowflake.com/en/developer-guide/snowpark-container-services/working-with-services (2026-11-23)
--
-- image by digest: the specification names the image as the repository's path with a digest; the
-- documentation shows tags. Where it is refused, push under a tag of the digest and see with
-- DESCRIBE SERVICE which one runs
--   https://docs.snowflake.com/en/developer-guide/snowpark-container-services/specification-reference (2026-11-23)
