// Serves oidc-provider, an OpenID-certified server that was not written here, as a token service on
// loopback over TLS: node oidc_provider.mjs FOLDER, with server.pem and client.jwk.json in FOLDER.
// It writes the address it is at. GET /approve?user_code=CODE is the person who enters a code.
import fs from "node:fs";
import https from "node:https";
import path from "node:path";
import { createRequire } from "node:module";

const folder = process.argv[2];
const require = createRequire(path.join(process.env.GNOMON_CONTRACT, "package.json"));
const { Provider } = require("oidc-provider");
const TENANT = "9188040d-6c67-4c5b-b112-36a304b66dad";
const PREFIX = `/${TENANT}/v2.0`;

function configuration(base) {
  const alone = { redirect_uris: [], response_types: [] };
  const jwk = JSON.parse(fs.readFileSync(path.join(folder, "client.jwk.json"), "utf8"));
  return {
    clients: [
      {
        ...alone,
        client_id: "by-secret",
        client_secret: "a-secret-that-nobody-has",
        grant_types: ["client_credentials"],
        token_endpoint_auth_method: "client_secret_post",
      },
      {
        ...alone,
        client_id: "by-certificate",
        grant_types: ["client_credentials"],
        token_endpoint_auth_method: "private_key_jwt",
        token_endpoint_auth_signing_alg: "PS256",
        jwks: { keys: [jwk] },
      },
      {
        ...alone,
        client_id: "by-person",
        application_type: "native",
        grant_types: ["urn:ietf:params:oauth:grant-type:device_code", "refresh_token"],
        token_endpoint_auth_method: "none",
      },
    ],
    scopes: ["openid", "profile", "offline_access", `${base}/.default`],
    enabledJWA: { clientAuthSigningAlgValues: ["PS256"] },
    features: {
      clientCredentials: { enabled: true },
      deviceFlow: { enabled: true },
      devInteractions: { enabled: false },
    },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  };
}

async function approve(provider, userCode) {
  const plain = userCode.replace(/[^A-Za-z0-9]/g, "").toUpperCase();
  const code = await provider.DeviceCode.findByUserCode(plain, { ignoreExpiration: true });
  const grant = new provider.Grant({ accountId: "ana", clientId: code.clientId });
  grant.addOIDCScope(code.params.scope);
  code.grantId = await grant.save();
  code.accountId = "ana";
  code.authTime = Math.floor(Date.now() / 1000);
  code.scope = code.params.scope;
  await code.save();
}

const pem = fs.readFileSync(path.join(folder, "server.pem"));
const server = https.createServer({ key: pem, cert: pem });
server.listen(0, "127.0.0.1", () => {
  const base = `https://localhost:${server.address().port}`;
  const provider = new Provider(`${base}${PREFIX}`, configuration(base));
  const answer = provider.callback();
  server.on("request", async (request, response) => {
    const url = new URL(request.url, base);
    if (url.pathname === "/approve") {
      await approve(provider, url.searchParams.get("user_code"));
      response.end("approved");
      return;
    }
    request.originalUrl = request.url;
    request.url = request.url.replace(PREFIX, "");
    answer(request, response);
  });
  console.log(base);
});
