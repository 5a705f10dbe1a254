-- Ends a pause by annotation; one by the failure policy ends by its token. One by spec.paused ends in Git.
if obj.metadata.annotations == nil then
  obj.metadata.annotations = {}
end
obj.metadata.annotations["edgerelease.dev/paused"] = nil
if obj.status ~= nil and obj.status.waitingFor ~= nil and obj.status.waitingFor.kind == "Resume" then
  obj.metadata.annotations["edgerelease.dev/approve"] = obj.status.waitingFor.token
end
return obj
