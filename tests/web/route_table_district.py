"""The part of the table of routes that the district works with: summaries, papers, lists, accounts."""

# own = the clerk of Ngoro's and the liaison of SMAN 1 Ngoro's; foreign = Pungging's. Status by role:
#   rule                                   method object      out clerk liaison supervisor reader administrator
DISTRICT = """
/summary/                                  GET  -             303 403 403 200 200 200
/summary/kecamatan/<code>                  GET  own           303 403 403 200 200 200
/summary/kecamatan/<code>                  GET  foreign       303 403 403 200 200 200
/summary/kecamatan/<code>                  GET  dinas         303 403 403 200 200 200
/summary/kecamatan/<code>                  GET  missing       303 403 403 404 404 404
/summary/kecamatan/<code>/residents        GET  own           303 403 403 200 200 200
/summary/kecamatan/<code>/residents        GET  foreign       303 403 403 404 404 404
/summary/kecamatan/<code>/residents        GET  dinas         303 403 403 404 404 404
/summary/kecamatan/<code>/residents        GET  missing       303 403 403 404 404 404
/summary/download.<kind>                   GET  xlsx          303 403 403 200 200 200 writes
/summary/download.<kind>                   GET  csv           303 403 403 200 200 200 writes
/summary/download.<kind>                   GET  pdf           303 403 403 404 404 404
/summary/panels/                           GET  -             303 403 403 200 200 200
/summary/hub/<code>                        GET  mojosari      303 403 403 200 200 200
/summary/hub/<code>                        GET  missing       303 403 403 404 404 404
/summary/comparison/                       GET  -             303 403 403 200 200 200
/figures/                                  GET  -             303 200 200 200 200 200
/figures/new                               GET  -             303 403 403 200 403 200
/figures/new                               POST -             401 403 403 422 403 422
/figures/<int:figure_id>                   GET  own           303 200 200 200 200 200
/figures/<int:figure_id>                   GET  missing       303 404 404 404 404 404
/figures/<int:figure_id>/correct           GET  own           303 403 403 200 403 200
/figures/<int:figure_id>/correct           GET  missing       303 403 403 404 403 404
/figures/<int:figure_id>/correct           POST own           401 403 403 422 403 422
/figures/<int:figure_id>/correct           POST missing       401 403 403 404 403 404
/figures/import                            GET  -             303 403 403 200 403 200
/figures/import                            POST -             401 403 403 422 403 422
/figures/import/confirm                    POST -             401 403 403 422 403 422
/figures/import/example.csv                GET  -             303 403 403 200 403 200
/figures/reconcile                         GET  -             303 403 403 200 200 200
/figures/ranking                           GET  -             303 200 200 200 200 200
/figures/ranking/new                       GET  -             303 403 403 200 403 200
/figures/ranking/new                       POST -             401 403 403 422 403 422
/figures/ranking/<int:ranking_id>/correct  GET  own           303 403 403 200 403 200
/figures/ranking/<int:ranking_id>/correct  GET  missing       303 403 403 404 403 404
/figures/ranking/<int:ranking_id>/correct  POST own           401 403 403 422 403 422
/figures/ranking/<int:ranking_id>/correct  POST missing       401 403 403 404 403 404
/open-data/                                GET  -             303 403 403 200 200 200
/open-data/                                POST -             401 403 403 422 403 422
/open-data/tokens/<int:token_id>/revoke    POST own           401 403 403 303 403 303
/open-data/tokens/<int:token_id>/revoke    POST missing       401 403 403 404 403 404
/open-data/<file>                          GET  days.csv      303 403 403 200 200 200 writes
/open-data/<file>                          GET  days.json     303 403 403 200 200 200 writes
/open-data/<file>                          GET  dhis2.json    303 403 403 200 200 200 writes
/open-data/<file>                          GET  package.zip   303 403 403 200 200 200 writes
/open-data/<file>                          GET  days.pdf      303 403 403 404 404 404
/open-data/datapackage.json                GET  -             303 403 403 200 200 200
/api/v1/openapi.json                       GET  -             200 200 200 200 200 200
/api/v1/                                   GET  -             401 401 401 401 401 401
/api/v1/<resource>                         GET  days          401 401 401 401 401 401
/api/v1/<resource>/<form>                  GET  csv           401 401 401 401 401 401
/publications/                             GET  -             303 403 403 200 200 200
/publications/<int:number>                 GET  own           303 403 403 200 200 200
/publications/<int:number>                 GET  missing       303 403 403 404 404 404
/publications/new                          GET  -             303 403 403 200 403 403
/publications/new                          POST -             401 403 403 422 403 403
/publications/new-report                   GET  -             303 403 403 200 403 403
/publications/new-report                   POST -             401 403 403 422 403 403
/publications/<int:number>/report.xlsx     GET  own           303 403 403 200 200 200 writes
/publications/<int:number>/report.xlsx     GET  missing       303 403 403 404 404 404
/publications/<int:number>/report.csv      GET  own           303 403 403 200 200 200 writes
/publications/<int:number>/report.csv      GET  missing       303 403 403 404 404 404
/publications/<int:number>/report.pdf      GET  own           303 403 403 200 200 200 writes
/publications/<int:number>/report.pdf      GET  missing       303 403 403 404 404 404
/verify                                    GET  -             200 200 200 200 200 200
/verify                                    POST -             422 422 422 422 422 422
/settings/                                 GET  -             303 403 403 200 403 200
/settings/                                 POST -             401 403 403 422 403 422
/settings/elections/                       GET  -             303 403 403 200 403 200
/settings/elections/new                    GET  -             303 403 403 200 403 200
/settings/elections/new                    POST -             401 403 403 422 403 422
/settings/elections/<code>                 GET  own           303 403 403 200 403 200
/settings/elections/<code>                 GET  missing       303 403 403 404 403 404
/settings/elections/<code>                 POST own           401 403 403 422 403 422
/settings/elections/<code>                 POST missing       401 403 403 404 403 404
/settings/elections/<code>/target          GET  own           303 403 403 200 403 200
/settings/elections/<code>/target          GET  missing       303 403 403 404 403 404
/settings/elections/<code>/target          POST own           401 403 403 422 403 422
/settings/elections/<code>/target          POST missing       401 403 403 404 403 404
/settings/deadlines/                       GET  -             303 403 403 200 403 200
/settings/deadlines/                       POST -             401 403 403 422 403 422
/settings/hubs/                            GET  -             303 403 403 200 403 200
/settings/hubs/<code>                      GET  own           303 403 403 200 403 200
/settings/hubs/<code>                      GET  missing       303 403 403 404 403 404
/settings/hubs/<code>                      POST own           401 403 403 422 403 422
/settings/hubs/<code>                      POST missing       401 403 403 404 403 404
/settings/hubs/seat/<code>                 GET  seat          303 403 403 200 403 200
/settings/hubs/seat/<code>                 GET  missing       303 403 403 404 403 404
/settings/hubs/seat/<code>                 POST seat          401 403 403 422 403 422
/settings/hubs/seat/<code>                 POST missing       401 403 403 404 403 404
/settings/points/                          GET  -             303 403 403 200 403 200
/settings/points/new                       GET  -             303 403 403 200 403 200
/settings/points/new                       POST -             401 403 403 422 403 422
/settings/points/<code>                    GET  own           303 403 403 200 403 200
/settings/points/<code>                    GET  missing       303 403 403 404 403 404
/settings/points/<code>/edit               GET  own           303 403 403 200 403 200
/settings/points/<code>/edit               GET  missing       303 403 403 404 403 404
/settings/points/<code>/edit               POST own           401 403 403 422 403 422
/settings/points/<code>/edit               POST missing       401 403 403 404 403 404
/settings/points/<code>/capability         GET  own           303 403 403 200 403 200
/settings/points/<code>/capability         GET  missing       303 403 403 404 403 404
/settings/points/<code>/capability         POST own           401 403 403 422 403 422
/settings/points/<code>/capability         POST missing       401 403 403 404 403 404
/settings/changes/<int:change_id>/withdraw GET  own           303 403 403 200 403 200
/settings/changes/<int:change_id>/withdraw GET  missing       303 403 403 404 403 404
/settings/changes/<int:change_id>/withdraw POST own           401 403 403 422 403 422
/settings/changes/<int:change_id>/withdraw POST missing       401 403 403 404 403 404
/accounts/import/                          GET  -             303 403 403 403 403 200
/accounts/import/                          POST -             401 403 403 403 403 422
/accounts/import/confirm                   POST -             401 403 403 403 403 422
/accounts/import/example.csv               GET  -             303 403 403 403 403 200
/accounts/                                 GET  -             303 403 403 403 403 200
/accounts/new                              GET  -             303 403 403 403 403 200
/accounts/new                              POST -             401 403 403 403 403 422
/accounts/<int:account_id>                 GET  own           303 403 403 403 403 200
/accounts/<int:account_id>                 GET  missing       303 403 403 403 403 404
/accounts/<int:account_id>                 POST own           401 403 403 403 403 422
/accounts/<int:account_id>                 POST missing       401 403 403 403 403 404
/accounts/<int:account_id>/reset           POST missing       401 403 403 403 403 404
/accounts/<int:account_id>/reset           POST own           401 403 403 403 403 200 writes
/sign-out                                  POST -             401 303 303 303 303 303 writes
"""
