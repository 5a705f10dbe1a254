-- Starts a new revision of the version that this one tried.
if obj.metadata.annotations == nil then
  obj.metadata.annotations = {}
end
obj.metadata.annotations["edgerelease.dev/retry"] = "r" .. obj.status.revision
return obj
