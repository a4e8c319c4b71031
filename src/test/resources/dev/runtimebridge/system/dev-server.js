// A dev server as users write them: a page whose WebSocket tells it what to show. Listens on the loopback alone.
const http = require("http");
const crypto = require("crypto");

const page = `<!doctype html><title>waiting</title><h1 id="said">waiting</h1><script>
const socket = new WebSocket("wss://" + location.host + "/live");
socket.onopen = () => socket.send("hello");
socket.onmessage = (event) => { document.title = event.data; document.getElementById("said").textContent = event.data; };
</script>`;

const server = http.createServer((request, response) => {
    if (request.url === "/headers") {
        response.setHeader("Content-Type", "application/json");
        response.end(JSON.stringify(request.headers));
    } else {
        response.setHeader("Content-Type", "text/html");
        response.end(page);
    }
});

server.on("upgrade", (request, socket) => {
    const key = request.headers["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    const accept = crypto.createHash("sha1").update(key).digest("base64");
    socket.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " + accept + "\r\n\r\n");
    socket.on("data", (frame) => {
        const length = frame[1] & 127; // short text only
        const text = Buffer.from(frame.subarray(6, 6 + length).map((byte, i) => byte ^ frame[2 + (i % 4)])).toString();
        const answer = Buffer.from("echo of " + text);
        socket.write(Buffer.concat([Buffer.from([0x81, answer.length]), answer]));
    });
    socket.on("error", () => socket.destroy());
});

server.listen(Number(process.argv[2]), "127.0.0.1", () => console.log("listening"));
