# The bridge as a container image: `docker build -t runtime-bridge .`; it runs `serve`, settings come from the environment.
ARG BUILD_IMAGE=maven:3-eclipse-temurin-25
ARG RUN_IMAGE=eclipse-temurin:25-jre

FROM ${BUILD_IMAGE} AS build
WORKDIR /build
COPY . .
RUN mvn -B -ntp -q -Dquick package

FROM ${RUN_IMAGE}
RUN useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin bridge
# Laid out as the build leaves it: the bridge finds the agent beside itself.
COPY --from=build /build/target/bridge/runtime-bridge.jar /opt/runtime-bridge/bridge/
COPY --from=build /build/target/bridge/lib /opt/runtime-bridge/bridge/lib
COPY --from=build /build/target/runtime-agent/runtime-agent.jar /opt/runtime-bridge/runtime-agent/
COPY --from=build /build/target/runtime-agent/lib /opt/runtime-bridge/runtime-agent/lib
COPY --from=build /build/runtime-agent/bin /opt/runtime-bridge/runtime-agent/bin
WORKDIR /opt/runtime-bridge
USER 10001
ENV BIND_ADDRESS=0.0.0.0 PORT=8080
EXPOSE 8080
STOPSIGNAL SIGTERM
# bash is in the base image, curl may not be
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/$PORT && printf 'GET /healthz HTTP/1.0\\r\\n\\r\\n' >&3 && head -n 1 <&3 | grep -q ' 200 '"]
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=75", "--enable-native-access=ALL-UNNAMED", "-jar", "bridge/runtime-bridge.jar"]
CMD ["serve"]
