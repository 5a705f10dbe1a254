-- No new command goes out while this stands; failed devices still go back.
if obj.metadata.annotations == nil then
  obj.metadata.annotations = {}
end
obj.metadata.annotations["edgerelease.dev/paused"] = "by Argo CD"
return obj
