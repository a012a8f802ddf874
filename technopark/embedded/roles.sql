-- Roles and database of Technopark, for psql as a superuser (\connect is psql's).
--
-- technopark_owner   migrates, backs up, restores; owns the database and everything in it
-- technopark_runtime works: reads and writes rows, but no DDL, no TRUNCATE, no triggers
--
-- Neither gets a password here: the embedded server's socket is private, and production sets
-- its own with ALTER ROLE … PASSWORD.

-- CREATEDB: the test-suite makes its databases as the owner.
CREATE ROLE technopark_owner LOGIN CREATEDB;
CREATE ROLE technopark_runtime LOGIN;
-- Lets the owner act with the runtime's rights (SET ROLE): the tests run like that.
GRANT technopark_runtime TO technopark_owner;
CREATE DATABASE technopark OWNER technopark_owner;

-- Default rights belong to one database and are copied with the template:
-- template1 passes them on to test databases and to a restored one.
\connect template1
ALTER DEFAULT PRIVILEGES FOR ROLE technopark_owner IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO technopark_runtime;
ALTER DEFAULT PRIVILEGES FOR ROLE technopark_owner IN SCHEMA public
  GRANT USAGE, SELECT ON SEQUENCES TO technopark_runtime;
ALTER DEFAULT PRIVILEGES FOR ROLE technopark_owner IN SCHEMA public
  GRANT EXECUTE ON FUNCTIONS TO technopark_runtime;

\connect technopark
ALTER DEFAULT PRIVILEGES FOR ROLE technopark_owner IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO technopark_runtime;
ALTER DEFAULT PRIVILEGES FOR ROLE technopark_owner IN SCHEMA public
  GRANT USAGE, SELECT ON SEQUENCES TO technopark_runtime;
ALTER DEFAULT PRIVILEGES FOR ROLE technopark_owner IN SCHEMA public
  GRANT EXECUTE ON FUNCTIONS TO technopark_runtime;
