# The agent's Java, made once per JDK: java/ of the context is what jlink left.
FROM scratch
COPY java /runtime-java
