// Serves oidc-provider, which was not written here, as the place where people sign in, on loopback
// over TLS: node sign_in.mjs FOLDER ORIGIN, with server.pem in FOLDER; ORIGIN is where the review
// application is. It writes the address it is at. Everybody who comes is Ana, and agrees.
import fs from "node:fs";
import https from "node:https";
import path from "node:path";
import { generateKeyPairSync } from "node:crypto";
import { createRequire } from "node:module";

const [folder, origin] = process.argv.slice(2);
const require = createRequire(path.join(process.env.GNOMON_CONTRACT, "package.json"));
const { Provider } = require("oidc-provider");
const ANA = { email: "ana@harbour.example", email_verified: true, groups: ["privacy", "staff"] };

const client = (id, way) => ({
  client_id: id,
  client_secret: "a-secret: that%nobody+has&",
  grant_types: ["authorization_code"],
  response_types: ["code"],
  redirect_uris: [`${origin}/sign-in/back`],
  post_logout_redirect_uris: [`${origin}/sign-in`],
  token_endpoint_auth_method: way,
});

const configuration = {
  clients: [
    client("gnomon", "client_secret_post"),
    { ...client("gnomon-es256", "client_secret_post"), id_token_signed_response_alg: "ES256" },
  ],
  claims: { openid: ["sub"], email: ["email", "email_verified"], groups: ["groups"] },
  scopes: ["openid", "email", "groups"],
  pkce: { required: () => true },
  conformIdTokenClaims: false, // the token itself says the address and the groups
  features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: true } },
  interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, ...ANA }) }),
};

function keys() {
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
  return [rsa, ec].map((one, index) => ({
    ...one.export({ format: "jwk" }),
    kid: `key-${index}`,
    use: "sig",
  }));
}

async function agree(provider, request, response) {
  const { prompt, params, session } = await provider.interactionDetails(request, response);
  if (prompt.name === "login") {
    const login = { accountId: "ana" };
    return provider.interactionFinished(request, response, { login });
  }
  const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  const consent = { grantId: await grant.save() };
  return provider.interactionFinished(request, response, { consent });
}

const pem = fs.readFileSync(path.join(folder, "server.pem"));
const server = https.createServer({ key: pem, cert: pem });
server.listen(0, "127.0.0.1", () => {
  const base = `https://localhost:${server.address().port}`;
  const provider = new Provider(base, { ...configuration, jwks: { keys: keys() } });
  const answer = provider.callback();
  server.on("request", (request, response) => {
    if (request.url.startsWith("/interaction/")) {
      agree(provider, request, response).catch((error) => response.writeHead(500).end(`${error}`));
      return;
    }
    answer(request, response);
  });
  console.log(base);
});
