# The base with the agent: agent/ of the context has its jars and scripts. A cache of loaded classes fits only the very
# Java and jars that it was made with, at the very place: it is made here and taken along with them.
ARG FROM=runtime-bridge/base:bare
FROM ${FROM}
COPY agent /opt/runtime-agent
COPY images/base/start images/base/guard images/base/homes /opt/runtime-agent/bin/
RUN chmod 700 /opt/runtime-agent && mkdir -p /run/sshd \
    && /opt/runtime-agent/bin/train-agent /opt/runtime-agent && rm -rf /run/sshd /run/runtime-agent
