// Keeps a server on loopback that would listen on every interface, at a port that is free, and says
// which: node --import ./loopback.mjs SERVER
import net from "node:net";

const { listen } = net.Server.prototype;

net.Server.prototype.listen = function (...given) {
  const ready = given.find((one) => typeof one === "function");
  this.once("listening", () => console.log(`kept on loopback at ${this.address().port}`));
  return listen.call(this, { port: 0, host: "127.0.0.1" }, ready);
};
