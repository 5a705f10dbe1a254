// Drives a simulated Losant with Losant's own client and prints what the client made of the answers, as JSON.
// usage: node losant-rest.js PACKAGES URL TOKEN APPLICATION FLOW
const [packages, url, accessToken, applicationId, flowId] = process.argv.slice(2);
const client = require(require.resolve('losant-rest', { paths: [packages] })).createClient({ url, accessToken });

/** What a call gave: its result, or its error's type, message and status. */
async function outcome(call) {
  try {
    return { result: await call };
  } catch (error) {
    return { type: error.type, message: error.message, statusCode: error.statusCode };
  }
}

async function rows() {
  const page = await client.edgeDeployments.get({ applicationId, flowId, sortField: 'id', perPage: 1000 });
  return page.items.map((row) => row.desiredVersion);
}

async function main() {
  const seen = {};
  const devices = await client.devices.get({
    applicationId,
    perPage: '1000',
    sortField: 'id',
    query: { deviceClass: 'edgeCompute', tags: { line: 'packaging' } },
  });
  const deviceId = devices.items[0].id;
  seen.devices = devices.totalCount;
  seen.tagged = (await client.devices.get({ applicationId, tagFilter: [{ key: 'ring', value: 'lab' }] })).count;
  seen.application = (await client.application.get({ applicationId })).name;
  seen.device = (await client.device.get({ applicationId, deviceId })).deviceClass;
  seen.flow = (await client.flow.get({ applicationId, flowId })).name;
  seen.flows = (await client.flows.get({ applicationId, flowClass: 'edge' })).count;
  seen.versions = (await client.flowVersions.get({ applicationId, flowId })).items.map((one) => one.version);
  seen.version = (await client.flowVersion.get({ applicationId, flowId, flowVersionId: 'v1.4.0' })).version;

  const edge = client.edgeDeployments;
  const deployment = { flowId, version: 'v1.4.0', deviceIds: [deviceId] };
  seen.before = await rows();
  seen.release = await outcome(edge.release({ applicationId, deployment }));
  seen.released = await rows();
  seen.replace = await outcome(
    edge.replace({ applicationId, deployment: { flowId, oldVersion: 'v1.3.0', newVersion: 'v1.4.0' } })
  );
  seen.replaced = await rows();
  seen.remove = await outcome(edge.remove({ applicationId, deployment: { flowId, deviceId } }));
  seen.removed = await rows();

  seen.noBody = await outcome(edge.release({ applicationId }));
  seen.badId = await outcome(edge.release({ applicationId, deployment: { flowId: 'abc', version: 'v1.4.0' } }));
  seen.extra = await outcome(edge.release({ applicationId, deployment: { ...deployment, releaseTag: 'x' } }));
  seen.unknownVersion = await outcome(edge.release({ applicationId, deployment: { ...deployment, version: 'v9' } }));
  seen.nothing = await outcome(edge.remove({ applicationId, deployment: { flowId: null, deviceId: null } }));
  client.setOption('accessToken', 'nobody');
  seen.badToken = await outcome(edge.get({ applicationId }));
  console.log(JSON.stringify(seen));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
