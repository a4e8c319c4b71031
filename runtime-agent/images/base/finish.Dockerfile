# A language with the agent. All of /opt, so that the folder stays closed to the user.
ARG AGENT=runtime-bridge/base
ARG FROM
FROM ${AGENT} AS agent
FROM ${FROM}
COPY --from=agent /opt /opt
