# The bridge as a container image: `docker build -t runtime-bridge .`; it runs `serve`, settings come from the environment.
# Both images can be replaced by your own, such as copies in a registry that can be reached: RUN_IMAGE needs a Java 25
# runtime as `java`, bash and useradd, BUILD_IMAGE a JDK 25 and Maven.
ARG BUILD_IMAGE=maven:3-eclipse-temurin-25
ARG RUN_IMAGE=eclipse-temurin:25-jre

FROM ${BUILD_IMAGE} AS build
WORKDIR /build
COPY . .
RUN mvn -B -ntp -q -Dquick package

FROM ${RUN_IMAGE} AS bridge
RUN useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin bridge
# Laid out as the build leaves it: the bridge finds the agent beside itself. All of it is root's, the bridge only reads.
WORKDIR /opt/runtime-bridge
COPY --from=build /build/target/bridge/runtime-bridge.jar bridge/
COPY --from=build /build/target/bridge/lib bridge/lib
COPY --from=build /build/target/runtime-agent/runtime-agent.jar runtime-agent/
COPY --from=build /build/target/runtime-agent/lib runtime-agent/lib
COPY --from=build /build/runtime-agent/bin runtime-agent/bin
COPY deploy/jvm-flags bridge/jvm-flags
USER 10001
ENV BIND_ADDRESS=0.0.0.0 PORT=8080
EXPOSE 8080
# bash is in the base image, curl may not be.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/$PORT && printf 'GET /healthz HTTP/1.0\\r\\n\\r\\n' >&3 && head -n 1 <&3 | grep -q ' 200 '"]

# A bridge works for a few minutes, and the JVM writes down which classes it had and what its compilers learned: one
# that starts with this cache is ready sooner and fast sooner. It fits only the very Java and jars that it was made
# with, so this is done in the image that will run it; the last line fails the build when the cache would not be used.
FROM bridge AS trained
RUN mkdir /tmp/training \
    && java @bridge/jvm-flags -XX:AOTCacheOutput=/tmp/bridge.aot -jar bridge/runtime-bridge.jar train-server /tmp/training \
    && rm -r /tmp/training \
    && java @bridge/jvm-flags -XX:AOTCache=/tmp/bridge.aot -XX:AOTMode=on -jar bridge/runtime-bridge.jar --version

FROM bridge
COPY --from=trained --chown=root:root /tmp/bridge.aot bridge/bridge.aot
ENTRYPOINT ["java", "@bridge/jvm-flags", "-XX:AOTCache=bridge/bridge.aot", "-jar", "bridge/runtime-bridge.jar"]
CMD ["serve"]
