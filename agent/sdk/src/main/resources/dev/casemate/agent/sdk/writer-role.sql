-- The role behind AppendOnlyTable: it can append to the named columns of one table, and nothing else.
--
-- Run once per database, as its owner, by psql:
--   psql -v role=report_writer -v password=... -v database=warehouse -v schema=public \
--        -v table=reports -v columns='title, content' -f writer-role.sql
-- :columns is not quoted: it is a list, and it is yours.

CREATE ROLE :"role" LOGIN PASSWORD :'password'
    NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOREPLICATION NOBYPASSRLS CONNECTION LIMIT 8;

ALTER ROLE :"role" SET statement_timeout = '10s';
ALTER ROLE :"role" SET idle_in_transaction_session_timeout = '30s';

REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
REVOKE CREATE ON SCHEMA :"schema" FROM PUBLIC;

GRANT CONNECT ON DATABASE :"database" TO :"role";
GRANT USAGE ON SCHEMA :"schema" TO :"role";
GRANT INSERT (:columns) ON :"table" TO :"role";
