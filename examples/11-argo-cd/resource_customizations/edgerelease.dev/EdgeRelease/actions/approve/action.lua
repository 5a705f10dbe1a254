-- Opens the gate that waits now, and no other.
if obj.metadata.annotations == nil then
  obj.metadata.annotations = {}
end
obj.metadata.annotations["edgerelease.dev/approve"] = obj.status.waitingFor.token
return obj
