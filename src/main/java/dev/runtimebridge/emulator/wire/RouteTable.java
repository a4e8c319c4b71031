package dev.runtimebridge.emulator.wire;

import dev.runtimebridge.emulator.script.Scenario;
import dev.runtimebridge.emulator.script.Subnet;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A route table: the VPC's main one, whose default route leads to a NAT gateway, or one of a
 * subnet's own. Source: "Subnet route tables" of the VPC user guide: a subnet without an
 * association uses the main table.
 *
 * @param subnet associated with it; empty for the main table
 */
record RouteTable(String subnet, List<Route> routes) {
    private static final String ANYWHERE = "0.0.0.0/0";

    RouteTable {
        routes = List.copyOf(routes);
    }

    /**
     * One route.
     *
     * @param kind the element that names the target, {@code gatewayId} or {@code natGatewayId}
     */
    record Route(String destination, String kind, String target, String state) {
        Route(String destination, String kind, String target) {
            this(destination, kind, target, "active");
        }
    }

    static List<RouteTable> all(Scenario scenario) {
        var tables = new ArrayList<RouteTable>();
        tables.add(new RouteTable("", routes(Subnet.Route.NAT)));
        for (var subnet : scenario.subnets()) {
            if (subnet.route() != Subnet.Route.MAIN) {
                tables.add(new RouteTable(subnet.id(), routes(subnet.route())));
            }
        }
        return tables;
    }

    String id() {
        return main() ? "rtb-main" : "rtb-" + subnet;
    }

    boolean main() {
        return subnet.isEmpty();
    }

    List<String> subnets() {
        return main() ? List.of() : List.of(subnet);
    }

    List<Map<String, Object>> associations() {
        return List.of(
                main()
                        ? Map.of("routeTableId", id(), "main", true)
                        : Map.of("routeTableId", id(), "main", false, "subnetId", subnet));
    }

    private static List<Route> routes(Subnet.Route leads) {
        var routes = new ArrayList<Route>();
        routes.add(new Route("10.0.0.0/16", "gatewayId", "local"));
        switch (leads) {
            case INTERNET -> routes.add(new Route(ANYWHERE, "gatewayId", "igw-bridge"));
            case NAT, MAIN -> routes.add(new Route(ANYWHERE, "natGatewayId", "nat-bridge"));
            case GONE -> routes.add(new Route(ANYWHERE, "natGatewayId", "nat-gone", "blackhole"));
            case NONE -> {}
        }
        return routes;
    }
}
