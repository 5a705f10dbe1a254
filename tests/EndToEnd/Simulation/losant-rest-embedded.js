// Drives the embedded deployments of a simulated Losant through Losant's own client and prints what it made of the answers.
// usage: node losant-rest-embedded.js PACKAGES URL TOKEN APPLICATION FLOW
const [packages, url, accessToken, applicationId, flowId] = process.argv.slice(2);
const client = require(require.resolve('losant-rest', { paths: [packages] })).createClient({ url, accessToken });

/** An action as newer releases of the client have it: this one is from before embedded deployments, so they are called by
 * its own generic request, which does all the rest. */
function action(method, path, bodyName) {
  return ({ applicationId: application, embeddedDeploymentId, ...rest }) => {
    const { [bodyName]: body, ...query } = rest;
    const params = { _actions: false, _links: true, _embedded: true, ...query };
    const url = `/applications/${application}/embedded/deployments${path.replace('{id}', embeddedDeploymentId)}`;
    return client.request({ method, url, headers: {}, params, data: body });
  };
}

const embedded = {
  get: action('GET', ''),
  one: action('GET', '/{id}'),
  release: action('POST', '/release', 'deployment'),
  remove: action('POST', '/remove', 'deployment'),
  replace: action('POST', '/replace', 'deployment'),
  export: action('POST', '/export', 'options'),
};


/** What a call gave: its result, or its error's type, message and status. */
async function outcome(call) {
  try {
    return { result: await call };
  } catch (error) {
    return { type: error.type, message: error.message, statusCode: error.statusCode };
  }
}

async function rows() {
  const page = await embedded.get({ applicationId, flowId, sortField: 'id', sortDirection: 'asc' });
  return page.items.map((row) => row.flows[flowId].desiredVersion);
}

async function main() {
  const seen = {};
  const list = await embedded.get({ applicationId, sortField: 'id', sortDirection: 'asc' });
  const { deviceId, embeddedDeploymentId } = list.items[0];
  const plain = await embedded.get({ applicationId });
  const device = await client.device.get({ applicationId, deviceId });
  seen.devices = list.totalCount;
  seen.order = [device.deviceClass, plain.sortDirection, String(plain.perPage)];

  seen.before = await rows();
  const deployment = { flowId, version: 'v1.1.0', deviceIds: [deviceId], releaseTag: 'bench' };
  seen.release = await outcome(embedded.release({ applicationId, deployment }));
  seen.released = await rows();
  seen.replace = await outcome(
    embedded.replace({ applicationId, deployment: { flowId, oldVersion: 'v1.0.0', newVersion: 'v1.1.0' } })
  );
  seen.replaced = await rows();
  seen.remove = await outcome(embedded.remove({ applicationId, deployment: { flowId, deviceId } }));
  seen.removed = await rows();
  const one = await embedded.one({ applicationId, embeddedDeploymentId });
  seen.one = one.logs.find((entry) => entry.changeType === 'desired').updateType;

  seen.export = await outcome(embedded.export({ applicationId, options: { deviceId, email: 'me@example.com' } }));
  seen.again = await outcome(embedded.export({ applicationId, options: { embeddedDeploymentId } }));
  seen.trace = await outcome(embedded.export({ applicationId, options: { deviceId, traceLevel: 3 } }));
  seen.nobody = await outcome(embedded.get({ applicationId, deviceId: '000000000000000000000000' }));
  console.log(JSON.stringify(seen));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
